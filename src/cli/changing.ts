import { Option } from 'commander';
import { Failure } from '../core/failure';
import { type RollbackPart, rollbackParts } from '../core/plan';
import type { Register } from './command';
import { versionDocument } from './documents';
import { withProject } from './opened';
import { rollbackAnswer, undoAnswer } from './rollbackText';

/** The commands that go back: rollback, undo, drop. */
export function changingCommands(register: Register): void {
  register(
    'rollback <ref>',
    'go back to a version, with a backup first',
    rollbackOptions(),
    (around, [reference = ''], options) => {
      const only = partsFrom(options.only as string | undefined);
      const request = {
        reference,
        dryRun: options.dryRun === true,
        ...reasonOf(options),
        ...(only === null ? {} : { only }),
      };
      return withProject(around, async (project) =>
        rollbackAnswer(await project.rollback(request, around.activity), reference),
      );
    },
  );
  const dry = new Option('--dry-run', 'only tell what would be done');
  register('undo', 'take the last operation back', [dry, reason()], (around, _, options) =>
    withProject(around, async (project) => {
      const request = { dryRun: options.dryRun === true, ...reasonOf(options) };
      return undoAnswer(await project.undo(request, around.activity));
    }),
  );
  register(
    'drop <ref>',
    'withdraw a version or a backup; its record stays',
    [reason()],
    (around, [reference = ''], options) =>
      withProject(around, async (project) => {
        const result = await project.drop({ reference, ...reasonOf(options) }, around.activity);
        return {
          document: versionDocument(result),
          text: `Withdrew ${reference}; "cairn undo" brings it back.`,
        };
      }),
  );
}

const reason = () => new Option('--reason <text>', 'why, for the log');

function reasonOf(options: Record<string, unknown>): { reason?: string } {
  return typeof options.reason === 'string' ? { reason: options.reason } : {};
}

function rollbackOptions(): Option[] {
  return [
    new Option('--dry-run', 'only tell what would be done'),
    new Option('--only <parts>', `some of ${rollbackParts.join(',')}`),
    reason(),
  ];
}

/** @throws Failure `usage` */
function partsFrom(text: string | undefined): RollbackPart[] | null {
  if (text === undefined) return null;
  const parts = text.split(',').map((part) => part.trim());
  const wrong = parts.find((part) => !rollbackParts.includes(part as RollbackPart));
  if (wrong !== undefined) {
    throw new Failure('usage', {
      what: `--only takes ${rollbackParts.join(', ')}, not "${wrong}"`,
    });
  }
  return parts as RollbackPart[];
}
