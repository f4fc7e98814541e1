import { Option } from 'commander';
import { Failure } from '../core/failure';
import { bytesText } from '../core/figures';
import type {
  CommitPlan,
  CommitRequest,
  CommitResult,
  Project,
  UpdateRequest,
} from '../operations';
import type { Register } from './command';
import { versionDocument } from './documents';
import { withProject } from './opened';
import type { Answer } from './output';
import { section, summaryText, warningsText } from './recordText';
import { versionOptions, versionOptionsFrom, withProjectPaths } from './versionOptions';

const messageOption = () => new Option('-m, --message <text>', 'what changed, in a line');

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
    [messageOption(), ...versionOptions, updating, ...sharedOptions(), yes],
    async (around, [model], options) => {
      const parsed = commitRequest(model, options);
      const commit = async (project: Project) => {
        const request = withProjectPaths(parsed, around.directory, project.root);
        if (options.dryRun === true)
          return planAnswer(await project.planCommit(request, around.activity));
        return committedAnswer(await project.commit(request, around.activity));
      };
      return withProject(around, commit, { looks: true });
    },
  );
  register(
    'update <ref>',
    'add a revision to a version',
    [new Option('--reason <text>', 'why'), messageOption(), ...versionOptions, ...sharedOptions()],
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
  const message = said(options, 'message', 'commit needs -m TEXT');
  return {
    ...(model === undefined ? {} : { model }),
    ...sharedFrom(options),
    message,
    updateLabel: options.update === true,
    confirmed: options.yes === true,
  };
}

function updateRequest(reference: string, options: Record<string, unknown>): UpdateRequest {
  const reason = said(options, 'reason', 'update needs --reason TEXT');
  return {
    reference,
    reason,
    ...(typeof options.message === 'string' ? { message: options.message } : {}),
    ...sharedFrom(options),
  };
}

/** A text that must say something, unless nothing is done anyway. @throws Failure `usage` */
function said(options: Record<string, unknown>, key: string, what: string): string {
  const text = typeof options[key] === 'string' ? options[key] : '';
  if (text.trim() === '' && options.dryRun !== true) throw new Failure('usage', { what });
  return text;
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
