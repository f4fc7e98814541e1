import { Option } from 'commander';
import { Failure } from '../core/failure';
import { type RollbackPart, type RollbackPlan, rollbackParts } from '../core/plan';
import { type InitializeResult, initializeProject, type RollbackResult } from '../operations';
import type { Register } from './command';
import { versionAnswer } from './committing';
import { withProject } from './opened';
import type { Answer } from './output';
import { warningsText } from './recordText';
import { bytesText, tableText } from './text';

/** The commands that change the project but make no version: init, rollback, undo, drop. */
export function changingCommands(register: Register): void {
  const git = new Option('--git', 'make a Git repository first where there is none');
  register(
    'init',
    'make this Git repository a project',
    [git],
    async ({ platform, directory, activity }, _, options) =>
      initAnswer(
        await initializeProject(platform, directory, { git: options.git === true }, activity),
      ),
  );
  register(
    'rollback <ref>',
    'go back to a version, with a backup first',
    rollbackOptions(),
    (around, [reference = ''], options) =>
      withProject(around, async (project) => {
        const only = partsFrom(options.only as string | undefined);
        const request = {
          reference,
          dryRun: options.dryRun === true,
          ...reasonOf(options),
          ...(only === null ? {} : { only }),
        };
        return rollbackAnswer(
          await project.rollback(request, around.activity),
          `Rolled back to ${reference}`,
        );
      }),
  );
  const dry = new Option('--dry-run', 'only tell what would be done');
  register('undo', 'take the last operation back', [dry, reason()], (around, _, options) =>
    withProject(around, async (project) => {
      const result = await project.undo(
        { dryRun: options.dryRun === true, ...reasonOf(options) },
        around.activity,
      );
      return rollbackAnswer(result, `Undid operation ${result.undone}`);
    }),
  );
  register(
    'drop <ref>',
    'withdraw a version or a backup; its record stays',
    [reason()],
    (around, [reference = ''], options) =>
      withProject(around, async (project) => {
        const result = await project.drop({ reference, ...reasonOf(options) }, around.activity);
        return { ...versionAnswer(result), text: `Withdrew ${reference}.` };
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

function initAnswer(result: InitializeResult): Answer {
  const { project, models, created, configuration, found, warnings } = result;
  const lines = [
    created
      ? `Made ${project} a Cairn project; ${configuration} names what was found.`
      : `${project} is a Cairn project.`,
    ...found
      .filter(({ name }) => models.includes(name))
      .map(
        ({ name, files, bytes, artifacts }) =>
          `  ${name}: ${artifacts.join(', ')} (${files} files, ${bytesText(bytes)})`,
      ),
  ];
  return {
    document: { project, models, created, configuration, found, warnings },
    text: `${lines.join('\n')}${warningsText(warnings)}`,
  };
}

function rollbackAnswer(
  { plan, applied, operation, backup, warnings }: RollbackResult,
  done: string,
): Answer {
  const rows = planRows(plan);
  const said = applied
    ? `${done}${backup === null ? '' : `; what was replaced is in ${backup}`}.`
    : 'Nothing was changed; this is what would be done:';
  const table = rows.length === 0 ? 'No file changes.' : tableText(rows);
  return {
    document: { plan, applied, operation, backup, warnings },
    text: `${table}\n${said}${warningsText(warnings)}`,
  };
}

function planRows(plan: RollbackPlan): string[][] {
  return [
    ...plan.artifacts.map(({ path, action, bytes }) => [
      action,
      'model file',
      `${path} (${bytesText(bytes)})`,
    ]),
    ...plan.code.map(({ path, action }) => [action, 'code', path]),
    ...plan.data.map(({ path, action }) => [action, 'data', path]),
  ];
}
