import { Option } from 'commander';
import { Failure } from '../core/failure';
import { parseFilterKey } from '../core/filter';
import { parseReference } from '../core/reference';
import type { VersionRecord } from '../core/version';
import { compareFiles, type LogRequest, type Project } from '../operations';
import type { Register, Surroundings } from './command';
import { comparisonText, fileComparisonText } from './comparisonText';
import {
  comparisonDocument,
  fileComparisonDocument,
  logDocument,
  statusDocument,
  versionDocument,
} from './documents';
import { logText, operationsText, statusText } from './listText';
import { withProject } from './opened';
import type { Answer } from './output';
import { recordText, warningsText } from './recordText';

/** The commands that only look: status, log, show, diff, operations. */
export function lookingCommands(register: Register): void {
  register(
    'status [model]',
    'the current version, and how the working files differ from it',
    [],
    (around, [model]) => {
      const status = async (project: Project) => {
        const request = model === undefined ? {} : { model };
        const { models } = await project.status(request, around.activity);
        return { document: statusDocument(models), text: models.map(statusText).join('\n\n') };
      };
      return withProject(around, status, { looks: true });
    },
  );
  register('log [model]', 'versions, newest first', logOptions(), (around, [model], options) =>
    withProject(around, async (project) => {
      const { versions, total } = await project.log(logRequest(model, options));
      requireSortKey(options.sort, versions);
      return { document: logDocument({ versions, total }), text: logText(versions, total) };
    }),
  );
  register('show <ref>', 'one version, whole', [], (around, [reference = '']) =>
    withProject(around, async (project) => {
      const result = await project.show({ reference });
      const text = `${recordText(result.version)}${warningsText(result.warnings)}`;
      return { document: versionDocument(result), text };
    }),
  );
  register(
    'diff <a> [b]',
    'a version against another or the working files; or two model files',
    [
      new Option('--tensors', 'also compare the values of the weights, tensor by tensor'),
      new Option('--renamed', 'the same, and find tensors that only have another name'),
      new Option('--histograms', 'the same, and how the values of changed tensors are spread'),
      new Option('--markdown', 'two versions as a table for a pull request'),
    ],
    (around, [from = '', to], options) => {
      const asked = weightsAsked(options);
      return options.markdown === true
        ? markdown(around, from, to, asked.values === true)
        : diff(around, from, to, asked);
    },
  );
  register(
    'operations',
    'the log of everything that changed the project',
    [limit()],
    (around, _, options) =>
      withProject(around, async (project) => {
        const { operations } = await project.operations(limitFrom(options));
        return { document: { operations }, text: operationsText(operations) };
      }),
  ).alias('history');
}

const limit = () => new Option('--limit <n>', 'how many').argParser(count);

function limitFrom(options: Record<string, unknown>): { limit?: number } {
  return typeof options.limit === 'number' ? { limit: options.limit } : {};
}

function logOptions(): Option[] {
  return [
    limit(),
    new Option(
      '--sort <key>',
      'number, createdAt, label, a metric or a parameter; "-" before it turns the order round',
    ),
    new Option(
      '--where <expression>',
      'only those for which it holds: "val_accuracy > 0.9 and lr <= 0.001"',
    ),
    new Option('--backups', 'the backups that rollbacks kept'),
  ];
}

function logRequest(model: string | undefined, options: Record<string, unknown>): LogRequest {
  return {
    ...(model === undefined ? {} : { model }),
    ...limitFrom(options),
    ...(typeof options.sort === 'string' ? { sort: options.sort } : {}),
    ...(typeof options.where === 'string' ? { where: options.where } : {}),
    backups: options.backups === true,
  };
}

/** A slip of the pen would otherwise look like an order. @throws Failure `usage` */
function requireSortKey(sort: unknown, versions: readonly VersionRecord[]): void {
  if (typeof sort !== 'string') return;
  const key = parseFilterKey(sort.replace(/^-/, ''));
  if (key.kind === 'field' || versions.length === 0) return;
  // Versions that have it come first, so that a page shows whether there is one.
  const { name } = key;
  const known = ({ metrics, parameters }: VersionRecord) =>
    Object.hasOwn(metrics, name) || Object.hasOwn(parameters, name);
  if (!versions.some(known))
    throw new Failure('usage', { what: `no version has a metric or parameter "${name}"` });
}

function count(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new Failure('usage', { what: `"${text}" is no count` });
  return Number(text);
}

/** What can be a reference is one, whatever files there are. @throws Failure `usage` */
/** What is asked of the weights; each of the options asks for their values too. */
function weightsAsked({ tensors, renamed, histograms }: Record<string, unknown>) {
  if (tensors !== true && renamed !== true && histograms !== true) return {};
  return { values: true, renamed: renamed === true, histograms: histograms === true };
}

async function diff(
  around: Surroundings,
  from: string,
  to: string | undefined,
  asked: ReturnType<typeof weightsAsked>,
): Promise<Answer> {
  const { platform, directory, activity } = around;
  const paths = [from, to].filter((side) => side !== undefined && parseReference(side) === null);
  if (to !== undefined && paths.length === 2) {
    const comparison = await compareFiles(platform, { directory, from, to, ...asked }, activity);
    return {
      document: fileComparisonDocument(comparison),
      text: fileComparisonText(comparison),
    };
  }
  if (paths[0] !== undefined) throw halfAPair(paths[0], to !== undefined);
  return withProject(around, async (project) => {
    const request = { from, ...(to === undefined ? {} : { to }), ...asked };
    const comparison = await project.compare(request, activity);
    return { document: comparisonDocument(comparison), text: comparisonText(comparison) };
  });
}

/** What the Compare panel copies. @throws Failure `usage` for model files */
async function markdown(
  around: Surroundings,
  from: string,
  to: string | undefined,
  values: boolean,
): Promise<Answer> {
  const file = [from, to].find((side) => side !== undefined && parseReference(side) === null);
  if (file !== undefined) {
    throw new Failure('usage', { what: `--markdown is for versions, and "${file}" is none` });
  }
  return withProject(around, async (project) => {
    const sides = [from, to ?? null];
    const text = await project.reportMarkdown({ sides, values }, around.activity);
    return { document: { from, to: to ?? null, markdown: text }, text: text.trimEnd() };
  });
}

function halfAPair(path: string, withVersion: boolean): Failure {
  if (!/[\\/.]/.test(path)) return new Failure('reference-invalid', { text: path });
  const what = withVersion
    ? `a version cannot be compared with the file "${path}"; name two versions or two files`
    : `the second model file is missing after "${path}"`;
  return new Failure('usage', { what });
}
