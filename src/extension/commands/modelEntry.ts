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
 * right below `models:`, with the indentation that the entries there have.
 */
export function withModel(yaml: string, name: string, artifact: string): string {
  const entry = (indent: string) =>
    `${indent}${name}:\n${indent}${indent}artifacts: [${JSON.stringify(artifact)}]\n`;
  const heading = /^models:[ \t]*(?:\{\}|~|null)?[ \t]*(?:#.*)?$/m.exec(yaml);
  if (heading === null) {
    const before = yaml === '' || yaml.endsWith('\n') ? yaml : `${yaml}\n`;
    return `${before}models:\n${entry('  ')}`;
  }
  const end = heading.index + heading[0].length;
  const rest = yaml.slice(end).replace(/^\r?\n/, '');
  const indent = /^([ \t]+)[^\s#]/m.exec(rest)?.[1] ?? '  ';
  return `${yaml.slice(0, heading.index)}models:\n${entry(indent)}${rest}`;
}
