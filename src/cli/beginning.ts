import { Option } from 'commander';
import { bytesText } from '../core/figures';
import { type InitializeResult, initializeProject } from '../operations';
import type { Register } from './command';
import type { Answer } from './output';
import { warningsText } from './recordText';
import { countText, tableText } from './text';

/** `init`. */
export function beginningCommand(register: Register): void {
  const git = new Option('--git', 'make a Git repository first where there is none');
  register(
    'init',
    'make this Git repository a project',
    [git],
    async ({ platform, directory, activity, open }, _, options) => {
      const request = { git: options.git === true };
      return initAnswer(await initializeProject(platform, directory, request, activity, open));
    },
  );
}

function initAnswer(result: InitializeResult): Answer {
  const { project, models, created, configuration, found, versions, warnings } = result;
  const head = created
    ? `${project} is a Cairn project now; ${configuration} names its models.`
    : `${project} is a Cairn project already.`;
  const rows = found
    .filter(({ name }) => models.includes(name))
    .map(({ name, files, bytes, artifacts }) => [
      ...['', name, artifacts.join(', ')],
      `${countText(files, 'file')}, ${bytesText(bytes)}`,
    ]);
  const others = found.length - rows.length;
  const parts = [
    head,
    rows.length > 0 ? tableText(rows) : `Models: ${models.join(', ')}.`,
    ...(created && versions > 0
      ? [
          `${countText(versions, 'version')} came in from Git's branches; "cairn log" lists them, "cairn verify" names the model files that are not here.`,
        ]
      : []),
    ...(others > 0
      ? [`${countText(others, 'other model')} found; add to ${configuration} what you want kept.`]
      : []),
  ];
  return {
    document: { project, models, created, configuration, found, versions, warnings },
    text: `${parts.join('\n')}${warningsText(warnings)}`,
  };
}
