import type { ParameterValue } from '../core/parameters';

const option = /^--?([A-Za-z][\w.-]*)(?:=(.*))?$/s;
const setting = /^\+?([A-Za-z_][\w./-]*)=(.*)$/s;
const secret = /token|secret|password|passwd|api[-_]?key|credential/i;

/**
 * Parameters among a command's arguments: `--lr 0.1`, `--lr=0.1`, `--flag`, and Hydra's `model.lr=0.1`.
 * What looks like a secret is left out. The program's own name and plain words are none.
 */
export function argumentParameters(command: readonly string[]): Record<string, ParameterValue> {
  const parameters: Record<string, ParameterValue> = {};
  const words = command.slice(1);
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    // Options of the interpreter stand before the program: `python -u -m train`.
    if (word === '-m' || word === '-c') {
      at++;
      continue;
    }
    const found = option.exec(word) ?? setting.exec(word);
    if (found === null) continue;
    const [, name = '', inline] = found;
    const next = words[at + 1];
    const takesNext = inline === undefined && next !== undefined && isValue(next);
    if (takesNext) at++;
    if (secret.test(name)) continue;
    parameters[name] = readValue(inline ?? (takesNext ? next : undefined));
  }
  return parameters;
}

/** Another option is no value, a negative number is one. */
function isValue(word: string): boolean {
  return !word.startsWith('-') || /^-\.?\d/.test(word);
}

function readValue(text: string | undefined): ParameterValue {
  if (text === undefined) return true;
  if (/^(?:true|false)$/i.test(text)) return text.toLowerCase() === 'true';
  if (/^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i.test(text)) {
    const number = Number(text);
    const exact = !/^[-+]?\d+$/.test(text) || Number.isSafeInteger(number);
    return exact ? number : text;
  }
  return text;
}
