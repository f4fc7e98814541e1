import { modelNameFrom } from '../../core/names';

/** Names of folders that say nothing about the model in them. */
const generic =
  /^(?:models?|checkpoints?|ckpts?|weights?|outputs?|runs?|results?|versions?|saved|artifacts?|v?\d+)$/i;

/** The model's name that a file's path suggests: its last part that is not generic. */
export function nameFromPath(path: string, taken: readonly string[]): string {
  const parts = path.replace(/\.[^./]+$/, '').split('/');
  const named = parts.findLast((part) => !generic.test(part)) ?? parts.at(-1) ?? 'model';
  const base = modelNameFrom(named);
  const used = new Set(taken.map((name) => name.toLowerCase()));
  for (let number = 1; ; number++) {
    const name = number === 1 ? base : `${base}-${number}`;
    if (!used.has(name.toLowerCase())) return name;
  }
}

/**
 * `cairn.yaml` with one model more, everything else as it was, comments included. The entry goes
 * behind the other models, with the indentation that they have.
 */
export function withModel(yaml: string, name: string, artifact: string): string {
  const entry = (indent: string) =>
    `${indent}${name}:\n${indent}${indent}artifacts: [${JSON.stringify(artifact)}]\n`;
  const heading = /^models:[ \t]*(?:\{\}|~|null)?[ \t]*(#.*)?\r?(?:\n|$)/m.exec(yaml);
  if (heading === null) return `${ended(yaml)}models:\n${entry('  ')}`;
  const rest = yaml.slice(heading.index + heading[0].length);
  // What follows at the line's beginning, a comment too, no longer belongs to the models.
  const block = /^(?:[ \t][^\n]*\n|\r?\n)*(?:[ \t][^\n]*$)?/.exec(rest)?.[0].trimEnd() ?? '';
  const indent = /^([ \t]+)[^\s#]/m.exec(block)?.[1] ?? '  ';
  const title = `models:${heading[1] === undefined ? '' : ` ${heading[1]}`}\n`;
  const after = rest.slice(block.length).replace(/^\r?\n/, '');
  return `${yaml.slice(0, heading.index)}${title}${ended(block)}${entry(indent)}${after}`;
}

function ended(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}
