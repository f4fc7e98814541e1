import { type FileScan, placeText, type ScanFinding } from '../core/scan';
import { scanFiles } from '../operations';
import type { Register } from './command';
import type { Answer } from './output';
import { countText } from './text';

/** `scan`: what is dangerous in model files. */
export function scanningCommand(register: Register): void {
  register(
    'scan <path...>',
    'what is dangerous in model files, without loading them',
    [],
    async ({ platform, directory, activity }, given) => {
      const paths = given.filter((path) => path !== undefined);
      return scanAnswer((await scanFiles(platform, { directory, paths }, activity)).files);
    },
  );
}

const words: Readonly<Record<FileScan['verdict'], string>> = {
  clean: 'nothing dangerous found',
  suspicious: 'SUSPICIOUS',
  dangerous: 'DANGEROUS',
  unreadable: 'could not be scanned whole',
  'not-a-model': 'not a model',
};

function scanAnswer(files: readonly FileScan[]): Answer {
  const others = files.filter(({ verdict }) => verdict === 'not-a-model');
  // A single file that is no model is said to be none; among many they are only counted.
  const told =
    files.length === others.length && files.length === 1
      ? files
      : files.filter((file) => !others.includes(file));
  const lines = told.map(fileText);
  const models = countText(files.length - others.length, 'model file');
  const rest = others.length === 0 ? '' : `, ${countText(others.length, 'other file')}`;
  if (files.length !== 1) lines.push(`${models} scanned${rest}.`);
  const has = (verdict: FileScan['verdict']) => files.some((file) => file.verdict === verdict);
  const exit = has('dangerous') ? 9 : has('unreadable') ? 6 : 0;
  return { document: { files }, text: lines.join('\n'), exit };
}

function fileText({ path, format, verdict, findings }: FileScan): string {
  const head = `${path}: ${words[verdict]} (${format})`;
  return [head, ...findings.map(findingText)].join('\n');
}

function findingText({ severity, message, where }: ScanFinding): string {
  const place = placeText(where);
  return `  ${severity}: ${message}${place === '' ? '' : `\n    in ${place}`}`;
}
