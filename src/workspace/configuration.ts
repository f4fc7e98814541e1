import { join } from 'node:path';
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  type Scalar,
  visit,
} from 'yaml';
import type { ProjectConfiguration } from '../core/configuration';
import { checkConfiguration } from '../core/configurationRules';
import { Failure } from '../core/failure';
import type { Platform } from '../platform';

/** The name of the configuration file at the project's top. */
export const configurationName = 'cairn.yaml';

/** More than any real configuration has; in so few bytes the worst text is refused in a second. */
const sizeLimit = 128 * 1024;
const aliasLimit = 100;
/** One mistake in YAML can look like hundreds. */
const problemLimit = 20;

interface Problem {
  readonly line: number | null;
  readonly message: string;
}

/**
 * Reads `cairn.yaml`. Without one there are no models and `declared` is false.
 * @param root the project's top, absolute
 * @throws Failure `configuration-invalid` with every problem and its line (from 1); `unreadable`
 */
export async function readConfiguration(
  platform: Platform,
  root: string,
): Promise<ProjectConfiguration> {
  const bytes = await platform.disk.readSmall(join(root, configurationName), sizeLimit);
  if (bytes === null) return { declared: false, models: [] };
  return { declared: true, models: parseConfiguration(decode(bytes)).models };
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    // The only thing that a fatal decoder throws: bytes that are no UTF-8.
    if (!(error instanceof TypeError)) throw error;
    throw invalid([{ line: null, message: 'the file is not text in UTF-8' }]);
  }
}

/**
 * Reads the text of a `cairn.yaml`.
 * @throws Failure `configuration-invalid`
 */
export function parseConfiguration(text: string): ProjectConfiguration {
  const lines = new LineCounter();
  const document = parse(text, lines);
  if (document.errors.length > 0) {
    throw invalid(
      document.errors.slice(0, problemLimit).map(({ pos, message }) => ({
        line: lines.linePos(pos[0]).line,
        message: message.startsWith('Maximum call stack') ? tooDeep : message,
      })),
    );
  }
  keepWordsOfPositive(document);
  const { models, problems } = checkConfiguration(plain(document));
  if (problems.length > 0) {
    throw invalid(
      problems.map(({ path, message }) => ({ line: lineOf(document, lines, path), message })),
    );
  }
  return { declared: true, models };
}

function parse(text: string, lineCounter: LineCounter): Document.Parsed {
  try {
    // The library's own way to tell lines costs seconds where errors are many.
    return parseDocument(text, { lineCounter, prettyErrors: false, logLevel: 'error' });
  } catch (error) {
    throw nested(error);
  }
}

function plain(document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: aliasLimit });
  } catch (error) {
    // What the library throws for aliases that would multiply without end, or that lead nowhere.
    if (error instanceof ReferenceError) {
      throw invalid([{ line: null, message: error.message }]);
    }
    throw nested(error);
  }
}

const tooDeep = 'the file is nested too deeply';

/** Nesting beyond the stack is the file's fault; every other error is ours. */
function nested(error: unknown): unknown {
  return error instanceof RangeError ? invalid([{ line: null, message: tooDeep }]) : error;
}

function invalid(problems: readonly Problem[]): Failure {
  return new Failure('configuration-invalid', {
    path: configurationName,
    problems: [...problems].sort((a, b) => (a.line ?? 0) - (b.line ?? 0)),
  });
}

/** A positive class is compared with the text in a CSV file: `1.0` and `True` stay as written. */
function keepWordsOfPositive(document: Document): void {
  visit(document, {
    Pair: (_, pair: Pair) => {
      if (!isScalar(pair.key) || pair.key.value !== 'positive' || !isScalar(pair.value)) return;
      const { value, source } = pair.value as Scalar;
      const read = typeof value === 'number' || typeof value === 'boolean';
      if (read && source !== undefined) pair.value.value = source;
    },
  });
}

/** The line of the key (or list entry) at a path in the document; of its nearest parent, else. */
function lineOf(
  document: Document,
  lines: LineCounter,
  path: readonly (string | number)[],
): number | null {
  let node: Node | null = document.contents;
  let offset = node?.range?.[0] ?? null;
  for (const step of path) {
    const found = childOf(resolved(document, node), step);
    if (found === null) break;
    offset = found.at?.range?.[0] ?? offset;
    node = found.value;
  }
  return offset === null ? null : lines.linePos(offset).line;
}

function resolved(document: Document, node: Node | null): Node | null {
  return isAlias(node) ? (node.resolve(document) ?? null) : node;
}

/** The value under a key or index, and the node that stands for its place. */
function childOf(
  node: Node | null,
  step: string | number,
): { at: Node | null; value: Node | null } | null {
  if (isSeq<Node>(node) && typeof step === 'number') {
    const item = node.items[step] ?? null;
    return item === null ? null : { at: item, value: item };
  }
  if (!isMap<Node, Node | null>(node)) return null;
  const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
  return pair === undefined ? null : { at: pair.key, value: pair.value };
}
