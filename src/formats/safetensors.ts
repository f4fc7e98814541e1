import type { Warning } from '../core/version';
import { utf8, viewOf } from './bytes';
import {
  elementsOf,
  endsEarly,
  header,
  isCount,
  type MetadataValue,
  type ModelHeader,
  metadataText,
  type Probe,
  type TensorInfo,
} from './modelHeader';

/**
 * safetensors: a 64-bit little-endian length N, N bytes of JSON
 * `{name: {dtype, shape, data_offsets: [begin, end]}, "__metadata__": {…}}`, then the data, which
 * the offsets cover without gap, overlap or rest.
 * https://github.com/huggingface/safetensors#format
 */
const longestHeader = 100_000_000;
/** What is parsed; a longer header is legal, but would cost hundreds of MB to look at. */
const longestParsed = 32 * 1024 * 1024;

/** Bits of an element. Types below a byte are packed. */
export const elementBits: Readonly<Record<string, number>> = {
  ...{ BOOL: 8, U8: 8, I8: 8, I16: 16, U16: 16, I32: 32, U32: 32, I64: 64, U64: 64 },
  ...{ F16: 16, BF16: 16, F32: 32, F64: 64, C64: 64 },
  ...{ F8_E4M3: 8, F8_E5M2: 8, F8_E8M0: 8, F8_E4M3FNUZ: 8, F8_E5M2FNUZ: 8 },
  ...{ F6_E2M3: 6, F6_E3M2: 6, F4: 4 },
};

export async function readSafetensors({ reader, head }: Probe): Promise<ModelHeader | null> {
  // Eight bytes of text make a length far beyond any file, so the brace after a small one suffices.
  if (head.length < 9 || head[8] !== 0x7b) return null;
  const stated = viewOf(head).getBigUint64(0, true);
  if (stated > 1n << 40n) return null;
  const length = Number(stated);
  if (length > longestHeader) {
    return header('safetensors', {
      why: `its header of ${length} bytes is over ${longestHeader}`,
    });
  }
  if (8 + length > reader.size) {
    return header('safetensors', { why: endsEarly(8 + length, reader.size) });
  }
  if (length > longestParsed) return unread(length);
  return readHeader(utf8(await reader.read(8, length)), 8 + length, reader.size);
}

function unread(length: number): ModelHeader {
  const message = `the header of ${length} bytes is over ${longestParsed} and was not looked at`;
  return header('safetensors', { warnings: [{ code: 'header-large', message }] });
}

interface Entry extends TensorInfo {
  readonly begin: number;
  readonly end: number;
}

function readHeader(text: string, start: number, size: number): ModelHeader {
  const warnings: Warning[] = [];
  const padding = endWithoutPadding(text);
  if (padding < text.length) warn(warnings, 'header-padded', 'the header is padded with NUL bytes');
  const json = text.slice(0, padding);
  const tree = parseObject(json);
  if (tree === null)
    return header('safetensors', { why: 'its header is no JSON object', warnings });
  for (const key of duplicatesIn(json)) {
    warn(warnings, 'tensor-duplicate', `the header names "${metadataText(key)}" more than once`);
  }
  const entries: Entry[] = [];
  for (const [name, value] of Object.entries(tree)) {
    if (name === '__metadata__') continue;
    const entry = entryOf(name, value);
    if (entry === null) {
      const why = `the header's entry "${metadataText(name)}" is not sound`;
      return header('safetensors', { why, warnings });
    }
    entries.push(entry);
  }
  checkSizes(entries, warnings);
  return header('safetensors', {
    why: layoutProblem(entries, size - start, warnings),
    tensors: entries.map(({ begin, end, ...tensor }) => ({
      ...tensor,
      place: { offset: start + begin, length: end - begin },
    })),
    metadata: metadataOf(tree['__metadata__']),
    warnings,
  });
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const tree: unknown = JSON.parse(text);
    return isObject(tree) ? tree : null;
  } catch (error) {
    // Anything else than broken JSON is a bug.
    if (!(error instanceof SyntaxError)) throw error;
    return null;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function entryOf(name: string, value: unknown): Entry | null {
  if (!isObject(value)) return null;
  const { dtype, shape, data_offsets: offsets } = value;
  if (typeof dtype !== 'string' || !Array.isArray(shape) || !Array.isArray(offsets)) return null;
  const [begin, end] = offsets as unknown[];
  const sound = shape.every(isCount) && isCount(begin) && isCount(end) && begin <= end;
  if (!sound || offsets.length !== 2) return null;
  return { name, dtype, shape, begin, end, bytes: end - begin };
}

function endWithoutPadding(text: string): number {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === 0) end--;
  return end;
}

/** The keys that come twice at the top of a JSON text: JSON.parse keeps only the last of them. */
function duplicatesIn(json: string): Set<string> {
  const seen = new Set<string>();
  const twice = new Set<string>();
  let depth = 0;
  for (let index = 0; index < json.length; index++) {
    const character = json[index];
    if (character === '{' || character === '[') depth++;
    else if (character === '}' || character === ']') depth--;
    else if (character === '"') {
      const end = endOfString(json, index);
      if (depth === 1 && /^\s*:/.test(json.slice(end + 1, end + 64))) {
        const key = JSON.parse(json.slice(index, end + 1)) as string;
        (seen.has(key) ? twice : seen).add(key);
      }
      index = end;
    }
  }
  return twice;
}

/** Where the string that begins at `start` has its closing quote; the text is known to be JSON. */
function endOfString(json: string, start: number): number {
  for (let end = start + 1; end < json.length; end++) {
    if (json[end] === '\\') end++;
    else if (json[end] === '"') return end;
  }
  return json.length;
}

function checkSizes(entries: readonly Entry[], warnings: Warning[]): void {
  for (const { name, dtype, shape, bytes } of entries) {
    const width = Object.hasOwn(elementBits, dtype) ? elementBits[dtype] : undefined;
    if (width === undefined) {
      warn(warnings, 'dtype-unknown', `"${metadataText(name)}" has the unknown type ${dtype}`);
    } else if ((elementsOf(shape) * width) / 8 !== bytes) {
      const message = `"${metadataText(name)}" has ${bytes} bytes, which does not fit its shape`;
      warn(warnings, 'tensor-size', message);
    }
  }
}

/** Whether the offsets cover exactly the data. A wrong end is torn; gaps and overlaps are odd. */
function layoutProblem(
  entries: readonly Entry[],
  dataLength: number,
  warnings: Warning[],
): string | null {
  let reached = 0;
  for (const { name, begin, end } of [...entries].sort((a, b) => a.begin - b.begin)) {
    if (begin > reached)
      warn(warnings, 'tensor-gap', `there is a gap before "${metadataText(name)}"`);
    if (begin < reached) {
      warn(warnings, 'tensor-overlap', `"${metadataText(name)}" overlaps the one before it`);
    }
    reached = Math.max(reached, end);
  }
  if (reached === dataLength) return null;
  return reached > dataLength
    ? `its header describes ${reached} bytes of tensors and ${dataLength} are there`
    : `${dataLength - reached} bytes follow the last tensor`;
}

function metadataOf(value: unknown): Record<string, MetadataValue> {
  if (!isObject(value)) return {};
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) =>
      typeof item === 'string' ? [[key, metadataText(item)]] : [],
    ),
  );
}

/** The first 20 of a kind are told; a hostile file would otherwise fill the screen. */
function warn(warnings: Warning[], code: string, message: string): void {
  if (warnings.filter((warning) => warning.code === code).length < 20) {
    warnings.push({ code, message });
  }
}
