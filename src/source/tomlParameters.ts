import type { ParameterValue } from '../core/parameters';
import { type FoundText, nothingFound, type SourceParameter } from './parameter';
import { isParameter } from './pythonLiteral';
import { TomlReader } from './tomlReader';

/** A parameter file is written by hand; more than this is data. */
const longestDocument = 1024 * 1024;

/**
 * The values of a TOML document: paths with dots, lists of plain values whole, arrays of tables by
 * index. A line that cannot be read is left out and the next one counts. https://toml.io/en/v1.0.0
 */
export function findInToml(text: string): FoundText {
  if (text.length > longestDocument) return nothingFound;
  const reader = new TomlReader(text);
  const parameters: SourceParameter[] = [];
  const counts = new Map<string, number>();
  let table: string[] = [];
  while (!reader.atEnd) {
    const header = reader.header();
    if (header !== null) {
      const name = header.path.join('.');
      if (header.array) counts.set(name, (counts.get(name) ?? -1) + 1);
      table = indexed(header.path, counts);
    } else entry(reader, table, parameters);
    reader.nextLine();
  }
  return { ...nothingFound, parameters };
}

function indexed(path: readonly string[], counts: ReadonlyMap<string, number>): string[] {
  return path.flatMap((part, index) => {
    const count = counts.get(path.slice(0, index + 1).join('.'));
    return count === undefined ? [part] : [part, String(count)];
  });
}

/** `key = value` at the reader's place. */
function entry(reader: TomlReader, table: readonly string[], found: SourceParameter[]): void {
  const key = reader.key();
  if (key === null) return;
  const path = [...table, ...key];
  if (reader.opens('{')) {
    do entry(reader, path, found);
    while (reader.opens(','));
    reader.opens('}');
    return;
  }
  const start = reader.position;
  const value: ParameterValue | undefined = reader.value();
  const dotted = path.join('.');
  if (value === undefined || !isParameter(dotted, value)) return;
  const name = path.at(-1) ?? '';
  found.push({ name, path: dotted, kind: 'document', value, start, end: reader.position });
}
