import { Option } from 'commander';
import { bytesText } from '../core/figures';
import { type RebuildResult, rebuildProject, type VerifyResult } from '../operations';
import type { Register } from './command';
import { withProject } from './opened';
import type { Answer } from './output';
import { countText } from './text';

/** `verify` and `rebuild`. */
export function soundnessCommands(register: Register): void {
  const full = new Option('--full', 'read every byte of every model file');
  register(
    'verify',
    'check database, model files, branches and log against each other',
    [full],
    (around, _, options) =>
      withProject(around, async (project) =>
        verifyAnswer(await project.verify({ full: options.full === true }, around.activity)),
      ),
  );
  register(
    'rebuild',
    'make the database anew from Git and the artifact store',
    [],
    async ({ platform, directory, activity, open }) =>
      rebuildAnswer(await rebuildProject(platform, directory, activity, open)),
  );
}

/** So many files that are elsewhere are named; "--json" has them all. */
const namedElsewhere = 10;

function verifyAnswer(result: VerifyResult): Answer {
  const { checked, problems, sound } = result;
  const read = checked.full ? `, ${bytesText(checked.bytes)} read` : '';
  const extent = [
    countText(checked.versions, 'version'),
    `${countText(checked.artifacts, 'stored file')}${read}`,
    countText(checked.operations, 'operation'),
  ].join(', ');
  const { elsewhere } = result;
  const away = elsewhere
    .slice(0, namedElsewhere)
    .map(({ path, versions }) => `\n  ${path} of ${versions.join(', ')}`);
  const rest = elsewhere.length - away.length;
  const absent =
    elsewhere.length === 0
      ? ''
      : `\n${countText(elsewhere.length, 'stored file')} not on this machine (Git brought their versions without them):${away.join('')}${rest > 0 ? `\n  and ${rest} more` : ''}`;
  const lines = problems.map(({ message, mend }) => `${message}\n  ${mend}`);
  return {
    document: result,
    text: sound
      ? `Sound: ${extent}.${absent}`
      : `${lines.join('\n')}\n\n${countText(problems.length, 'problem')} in ${extent}.${absent}`,
    exit: sound ? 0 : 6,
  };
}

function rebuildAnswer(result: RebuildResult): Answer {
  const { versions, missing, leftOut } = result;
  const away =
    missing.length === 0
      ? ''
      : `\n${countText(missing.length, 'stored file')} not in the store here.`;
  const rivals = leftOut
    .map(
      ({ version, label, holder }) =>
        `\nLeft out: ${version}, because ${holder} has its label "${label}". Drop one of them where it was made, fetch, and rebuild again.`,
    )
    .join('');
  const text = `The history was made anew: ${countText(versions, 'version')}.${away}${rivals}`;
  return { document: result, text };
}
