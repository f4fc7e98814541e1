import { Option } from 'commander';
import { rebuildProject, type VerifyResult } from '../operations';
import type { Register } from './command';
import { withProject } from './opened';
import type { Answer } from './output';
import { bytesText } from './text';

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
    async ({ platform, directory, activity }) => {
      const result = await rebuildProject(platform, directory, activity);
      const missing =
        result.missing.length === 0
          ? ''
          : `\n${result.missing.length} model files are not in the store here.`;
      return {
        document: result,
        text: `Rebuilt the history: ${result.versions} versions.${missing}`,
      };
    },
  );
}

function verifyAnswer(result: VerifyResult): Answer {
  const { checked, problems, sound } = result;
  const read = checked.full ? `, ${bytesText(checked.bytes)} read` : '';
  const extent = `${checked.versions} versions, ${checked.artifacts} model files${read}, ${checked.operations} operations`;
  const lines = problems.map(({ message, mend }) => `${message}\n  ${mend}`);
  return {
    document: result,
    text: sound
      ? `Sound: ${extent}.`
      : `${lines.join('\n')}\n${problems.length} problems in ${extent}.`,
    exit: sound ? 0 : 6,
  };
}
