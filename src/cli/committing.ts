import { Option } from 'commander';
import { Failure } from '../core/failure';
import type { CommitPlan, CommitRequest, CommitResult, UpdateRequest } from '../operations';
import type { Register } from './command';
import { versionDocument } from './documents';
import { withProject } from './opened';
import type { Answer } from './output';
import { section, summaryText, warningsText } from './recordText';
import { bytesText } from './text';
import { versionOptions, versionOptionsFrom, withProjectPaths } from './versionOptions';

const message = () => new Option('-m, --message <text>', 'what changed, in a line');

/** `commit` and `update`. */
export function commitCommands(register: Register): void {
  const updating = new Option(
    '--update',
    'with a label that is taken: add a revision to its version',
  );
  const yes = new Option('--yes', 'store a first version of over 2 GB without asking');
  register(
    'commit [model]',
    'make the next version',
    [message(), ...versionOptions, updating, ...sharedOptions(), yes],
    async (around, [model], options) => {
      const parsed = commitRequest(model, options);
      return withProject(around, async (project) => {
        const request = withProjectPaths(parsed, around.directory, project.root);
        if (options.dryRun === true)
          return planAnswer(await project.planCommit(request, around.activity));
        return committedAnswer(await project.commit(request, around.activity));
      });
    },
  );
  register(
    'update <ref>',
    'add a revision to a version',
    [new Option('--reason <text>', 'why'), message(), ...versionOptions, ...sharedOptions()],
    async (around, [reference = ''], options) => {
      const parsed = updateRequest(reference, options);
      return withProject(around, async (project) => {
        const request = withProjectPaths(parsed, around.directory, project.root);
        if (options.dryRun === true)
          return planAnswer(await project.planUpdate(request, around.activity));
        return committedAnswer(await project.update(request, around.activity));
      });
    },
  );
}

function sharedOptions(): Option[] {
  return [
    new Option('--run <id>', 'the run that made the files'),
    new Option('--allow-empty', 'go on though nothing changed'),
    new Option('--dry-run', 'only tell what would be taken'),
  ];
}

function commitRequest(model: string | undefined, options: Record<string, unknown>): CommitRequest {
  if (typeof options.message !== 'string' && options.dryRun !== true) {
    throw new Failure('usage', { what: 'commit needs -m TEXT' });
  }
  return {
    ...(model === undefined ? {} : { model }),
    ...sharedFrom(options),
    message: typeof options.message === 'string' ? options.message : '',
    updateLabel: options.update === true,
    confirmed: options.yes === true,
  };
}

function updateRequest(reference: string, options: Record<string, unknown>): UpdateRequest {
  if (typeof options.reason !== 'string' && options.dryRun !== true)
    throw new Failure('usage', { what: 'update needs --reason TEXT' });
  return {
    reference,
    reason: typeof options.reason === 'string' ? options.reason : '',
    ...(typeof options.message === 'string' ? { message: options.message } : {}),
    ...sharedFrom(options),
  };
}

function sharedFrom(options: Record<string, unknown>) {
  return {
    ...versionOptionsFrom(options),
    allowEmpty: options.allowEmpty === true,
    ...(typeof options.run === 'string' ? { run: options.run } : {}),
  };
}

function committedAnswer(result: CommitResult): Answer {
  const text = `${summaryText(result.version)}${warningsText(result.warnings)}`;
  return { document: versionDocument(result), text };
}

function planAnswer(planned: { plan: CommitPlan; warnings: CommitResult['warnings'] }): Answer {
  const { plan, warnings } = planned;
  const parts = [
    section(
      'Model files',
      plan.files.map(({ path, status, size }) => [status, path, bytesText(size)]),
    ),
    section(
      'Code',
      plan.code.map(({ path, status }) => [status, path]),
    ),
    section(
      'Left out',
      plan.left_out.map(({ path, why }) => [path, why.replaceAll('-', ' ')]),
    ),
    `${bytesText(plan.bytes)} of model files would be stored; nothing was changed.`,
  ];
  const text = parts.filter((part) => part !== '').join('\n\n');
  return { document: { plan, warnings }, text: `${text}${warningsText(warnings)}` };
}
