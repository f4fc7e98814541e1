import { bytesText } from '../../core/figures';
import { counted } from '../../core/labels';
import type { VerifyResult } from '../../operations/project';
import { withActivity } from '../activity';
import type { Desk } from '../desk';

/** Checks database, model files, Git branches and log against each other. */
export async function verifyProject(desk: Desk): Promise<VerifyResult | null> {
  const session = await desk.projects.require();
  if (session === undefined) return null;
  const full = await desk.prompts().pick({ id: 'verify.full', title: 'Verify the project' }, [
    {
      value: false,
      label: 'Quick',
      description: 'records, branches, log, and that every file is there',
    },
    { value: true, label: 'Full', description: 'reads every byte of every model file, too' },
  ]);
  if (full === undefined) return null;
  const result = await withActivity('Verifying', (activity) =>
    session.project.verify({ full }, activity),
  );
  void desk.reporter.attempt('Telling of the check', () => tell(desk, result));
  return result;
}

async function tell(desk: Desk, { sound, problems, checked }: VerifyResult): Promise<void> {
  const looked = `${counted(checked.versions, 'version')}, ${counted(checked.artifacts, 'model file')} (${bytesText(checked.bytes)}), ${counted(checked.operations, 'operation')}`;
  for (const { code, message, what, mend } of problems) {
    desk.log.error(`${code}: ${message} (${what}). ${mend}`);
  }
  const [first] = problems;
  const message =
    sound || first === undefined
      ? `Everything is sound: ${looked}.`
      : `${counted(problems.length, 'problem')} found in ${looked}. ${first.message} ${first.mend}`;
  const kind = sound ? 'information' : 'error';
  const chosen = await desk
    .prompts()
    .tell({ id: 'verify.done', kind, message, actions: ['Show Output'] });
  if (chosen === 'Show Output') desk.log.show();
}
