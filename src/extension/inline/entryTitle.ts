import type { ModelOverview, ModelStatus } from '../../operations/project';
import { counted, shortReference } from '../labels';
import { primaryText } from '../tree/versionFigures';

/** `v7 · val_accuracy 0.951 ▲ 0.008 better · 3 working changes`. */
export function entryTitle(
  { current, currentRecord, primary }: ModelOverview,
  parent: ModelOverview['currentRecord'],
  status: Pick<ModelStatus, 'changes'> | undefined,
): string {
  if (current === null || currentRecord === null) return 'No version yet';
  const { code, parameters, artifacts, data } = status?.changes ?? {
    ...{ code: [], parameters: [], artifacts: [], data: [] },
  };
  const changes = code.length + parameters.length + artifacts.length + data.length;
  return [
    shortReference(current),
    primaryText(currentRecord, parent, primary),
    status === undefined
      ? ''
      : changes === 0
        ? 'no working changes'
        : counted(changes, 'working change'),
  ]
    .filter((part) => part !== '')
    .join(' · ');
}
