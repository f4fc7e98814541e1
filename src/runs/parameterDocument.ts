import { parse as parseToml, TomlError } from 'smol-toml';
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { Warning } from '../core/version';
import { JsonProblem, readJson } from './jsonText';
import { endingOf, type TextFile, unreadable } from './textFile';
import { tomlLines } from './tomlLines';

/** A file of parameters as a tree, with the lines of its values. */
export interface ParameterDocument {
  readonly tree: unknown;
  /** Line (from 1) by path; what is not there has none. */
  readonly lines: ReadonlyMap<string, number>;
  readonly warnings: readonly Warning[];
}

/**
 * Reads JSON, YAML 1.2 (with merge keys) or TOML 1.0 by the file's ending.
 * @throws Failure `unreadable` with the line
 */
export function readDocument(file: TextFile): ParameterDocument {
  switch (endingOf(file.path)) {
    case 'json':
      return fromJson(file);
    case 'yaml':
    case 'yml':
      return fromYaml(file);
    case 'toml':
      return fromToml(file);
    default:
      return unreadable(file.path, null, 'parameters are read from JSON, YAML and TOML');
  }
}

function fromJson({ path, text }: TextFile): ParameterDocument {
  try {
    const { value, lines, duplicates } = readJson(text);
    const warnings = duplicates.map(({ key, line }) => ({
      code: 'parameter-duplicate',
      path,
      message: `${key} stands in ${path} more than once, last in line ${line}`,
    }));
    return { tree: value, lines, warnings };
  } catch (error) {
    if (!(error instanceof JsonProblem)) throw error;
    return unreadable(path, error.line, error.message, error);
  }
}

function fromYaml({ path, text }: TextFile): ParameterDocument {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, {
    lineCounter,
    prettyErrors: false,
    logLevel: 'silent',
    merge: true,
  });
  const [problem] = document.errors;
  if (problem !== undefined) {
    unreadable(path, lineCounter.linePos(problem.pos[0]).line, clause(problem.message), problem);
  }
  const warnings = document.warnings.slice(0, 20).map((warning) => ({
    code: 'yaml-tag',
    path,
    message: `${path}, line ${lineCounter.linePos(warning.pos[0]).line}: ${clause(warning.message)}`,
  }));
  return { tree: yamlTree(path, document), lines: yamlLines(document, lineCounter), warnings };
}

type YamlDocument = ReturnType<typeof parseDocument>;

function yamlTree(path: string, document: YamlDocument): unknown {
  try {
    // Aliases that would multiply a small file into a huge one are refused by the library.
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    if (!(error instanceof ReferenceError || error instanceof RangeError)) throw error;
    return unreadable(path, null, clause(error.message), error);
  }
}

function yamlLines(document: YamlDocument, counter: LineCounter): Map<string, number> {
  const lines = new Map<string, number>();
  const visit = (node: unknown, path: string, depth: number): void => {
    if (depth > 64) return;
    const hasPlace = isScalar(node) || isMap(node) || isSeq(node) || isAlias(node);
    if (hasPlace && node.range && path !== '') {
      lines.set(path, counter.linePos(node.range[0]).line);
    }
    const children: [string, unknown][] = isMap(node)
      ? node.items.map(({ key, value }) => [isScalar(key) ? String(key.value) : '', value])
      : isSeq(node)
        ? node.items.map((value, index) => [String(index), value])
        : [];
    for (const [key, value] of children)
      visit(value, path === '' ? key : `${path}.${key}`, depth + 1);
  };
  visit(document.contents, '', 0);
  return lines;
}

function fromToml({ path, text }: TextFile): ParameterDocument {
  try {
    const tree = parseToml(text, { integersAsBigInt: 'asNeeded', maxDepth: 64 });
    return { tree, lines: tomlLines(text), warnings: [] };
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    return unreadable(
      path,
      error.line,
      clause(error.message).replace(/^Invalid TOML document: /, ''),
      error,
    );
  }
}

/** The first line of a library's message, as a clause. */
function clause(message: string): string {
  return (message.split('\n')[0] ?? '').replace(/[.:]\s*$/, '');
}
