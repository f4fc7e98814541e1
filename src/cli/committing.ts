import { Option } from 'commander';
import { Failure } from '../core/failure';
import type { CommitPlan, CommitRequest, CommitResult } from '../operations';
import type { Register } from './command';
import { withProject } from './opened';
import type { Answer } from './output';
import { recordText, warningsText } from './recordText';
import { bytesText, tableText } from './text';
import { versionOptions, versionOptionsFrom } from './versionOptions';

const message = () => new Option('-m, --message <text>', 'what changed, in a line');

/** `commit` and `update`. */
export function commitCommands(register: Register): void {
  register(
    'commit [model]',
    'make the next version',
    commitOptions(),
    async (around, [model], options) => {
      const request = commitRequest(model, options);
      return withProject(around, async (project) => {
        if (options.dryRun === true)
          return planAnswer(await project.planCommit(request, around.activity));
        return versionAnswer(await project.commit(request, around.activity));
      });
    },
  );
  const updateOptions = [new Option('--reason <text>', 'why'), message(), ...versionOptions];
  register(
    'update <ref>',
    'add a revision to a version',
    updateOptions,
    async (around, [reference = ''], options) => {
      if (typeof options.reason !== 'string')
        throw new Failure('usage', { what: 'update needs --reason TEXT' });
      const request = {
        reference,
        reason: options.reason,
        ...messageOf(options),
        ...versionOptionsFrom(options),
      };
      return withProject(around, async (project) =>
        versionAnswer(await project.update(request, around.activity)),
      );
    },
  );
}

function commitOptions(): Option[] {
  return [
    message(),
    ...versionOptions,
    new Option('--update', 'with a label that is taken: add a revision to that version'),
    new Option('--run <id>', 'the run that made the files'),
    new Option('--allow-empty', 'commit though nothing changed'),
    new Option('--dry-run', 'only tell what would be committed'),
    new Option('--yes', 'store a first version of over 2 GB without asking'),
  ];
}

function commitRequest(model: string | undefined, options: Record<string, unknown>): CommitRequest {
  if (typeof options.message !== 'string' && options.dryRun !== true) {
    throw new Failure('usage', { what: 'commit needs -m TEXT' });
  }
  return {
    ...(model === undefined ? {} : { model }),
    ...versionOptionsFrom(options),
    message: typeof options.message === 'string' ? options.message : '',
    updateLabel: options.update === true,
    allowEmpty: options.allowEmpty === true,
    confirmed: options.yes === true,
    ...(typeof options.run === 'string' ? { run: options.run } : {}),
  };
}

function messageOf(options: Record<string, unknown>): { message?: string } {
  return typeof options.message === 'string' ? { message: options.message } : {};
}

/** One version as `commit`, `update` and `show` tell it. */
export function versionAnswer(result: CommitResult): Answer {
  const { version, warnings } = result;
  return {
    document: { version, warnings },
    text: `${recordText(version)}${warningsText(warnings)}`,
  };
}

function planAnswer({
  plan,
  warnings,
}: {
  plan: CommitPlan;
  warnings: CommitResult['warnings'];
}): Answer {
  const rows = [
    ...plan.code.map(({ path, status }) => ['code', status, path]),
    ...plan.files.map(({ path, status, size }) => [
      'model file',
      status,
      `${path} (${bytesText(size)})`,
    ]),
    ...plan.left_out.map(({ path, why }) => ['left out', why, path]),
  ];
  const text = `${rows.length === 0 ? 'Nothing changed.' : tableText(rows)}\n${bytesText(plan.bytes)} would be stored.`;
  return { document: { plan }, text: `${text}${warningsText(warnings)}` };
}
