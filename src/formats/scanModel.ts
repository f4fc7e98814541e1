import { isFailure } from '../core/failure';
import { type ScanFinding, type ScanVerdict, verdictOf } from '../core/scan';
import type { RangeReader } from '../platform';
import { latin1, startsWith } from './bytes';
import { EndOfFile } from './cursor';
import { superblockOffset } from './hdf5';
import { identifyModel } from './identify';
import { longestInflated } from './inflate';
import { header, headLength, type ModelFormat, type ModelHeader } from './modelHeader';
import { scanArray } from './scanArray';
import { Findings } from './scanFindings';
import { scanOnnx, scanTensorflowGraph, scanTflite } from './scanGraphs';
import { scanHdf5 } from './scanHdf5';
import { pickleLikeness } from './scanHidden';
import { scanKerasConfig } from './scanKeras';
import { scanPacked } from './scanPacked';
import { scanPickles } from './scanPickle';
import { isTar, scanTar } from './scanTar';
import { placeAt, type ScanTask } from './scanTask';
import { scanTemplate } from './scanTemplate';
import { scanConfiguration, scanGgufTemplates, scanScript, scanTemplateFile } from './scanTexts';
import { scanValues } from './scanValues';
import { scanZip } from './scanZip';

/** What a scan of one file came to. */
export interface ModelScan {
  readonly format: ModelFormat;
  readonly verdict: ScanVerdict;
  readonly findings: readonly ScanFinding[];
}

/** Archives in archives, deeper than any library nests them. */
const deepest = 6;

/** Endings by which libraries load: what they end is a model or pretends to be one. */
const modelEnding =
  /\.(?:pt|pth|ckpt|pkl|pickle|joblib|dill|npy|npz|keras|h5|hdf5|onnx|gguf|safetensors|tflite|nemo|skops|bin|pb|mar|p|pk|ubj)$/i;

/**
 * Looks for what is dangerous in a file, without loading it: every format that its bytes could be
 * taken for, and everything inside it. Nothing is executed; memory is bounded; a part that could
 * not be looked at is a finding, so that no verdict is better for it.
 * @throws Failure what `reader` throws
 */
export async function scanModel(reader: RangeReader, path: string): Promise<ModelScan> {
  const findings = new Findings();
  const known = await headerOf(reader, path);
  await scanContent({ reader, findings, depth: 0 }, known, path);
  const label =
    known.format !== 'unknown' && known.format !== 'zip' && known.format !== 'lfs-pointer';
  const isModel = label || findings.isModel;
  if (!known.complete && reader.size > 0 && isModel) {
    findings.add(
      'torn',
      'unreadable',
      `The file is not whole: ${known.why}. A program may still load what is there.`,
      {},
    );
  }
  if (
    !isModel &&
    modelEnding.test(path) &&
    !/\.bin$/i.test(path) &&
    known.format !== 'lfs-pointer'
  ) {
    findings.add(
      'not-recognized',
      'unreadable',
      'The name is that of a model, and the content is of no known format, so that nothing can be said of it.',
      {},
    );
  }
  const list = findings.list();
  return { format: known.format, verdict: verdictOf(list, isModel), findings: list };
}

async function headerOf(reader: RangeReader, path: string): Promise<ModelHeader> {
  try {
    return await identifyModel(reader, path);
  } catch (error) {
    // A structure that leads out of the file: what it is cannot be told, and it is looked at anyway.
    if (!isFailure(error, 'unreadable')) throw error;
    return header('unknown', { why: error.data.why });
  }
}

/** Every way in which a program may take these bytes is tried, not only the first that fits. */
async function scanContent(task: ScanTask, known: ModelHeader, name: string): Promise<void> {
  const { reader, findings } = task;
  const where = placeAt(task);
  if (reader.size === 0) return;
  if (task.depth > deepest) {
    findings.add(
      'nested-too-deep',
      'unreadable',
      `Archives lie in archives more than ${deepest} deep; what is further in was not looked at.`,
      where,
    );
    return;
  }
  const head = await reader.read(0, Math.min(reader.size, headLength));
  try {
    await scanStart(task, head, known, name);
    if (await hasZipEnd(reader, head)) await scanZip(task, scanNested);
    const superblock = await superblockOffset(reader, head);
    if (superblock !== null) await scanHdf5(task, superblock, scanNested);
    await scanNamed(task, head, name);
  } catch (error) {
    if (!(error instanceof EndOfFile || error instanceof RangeError)) throw error;
    findings.add(
      'part-not-read',
      'unreadable',
      `A part could not be looked at: ${error.message}.`,
      where,
    );
  }
}

async function scanNested(task: ScanTask): Promise<void> {
  if (task.values === true && task.depth <= deepest) return await scanValues(task, scanNested);
  const name = task.member ?? '';
  const known = await headerOf(task.reader, name);
  await scanContent(task, known, name);
  if (known.complete || known.format === 'unknown' || known.format === 'zip') return;
  const message = `A part is not whole: ${known.why}.`;
  task.findings.add('torn', 'unreadable', message, { member: name });
}

/** By the first bytes. */
async function scanStart(
  task: ScanTask,
  head: Uint8Array,
  known: ModelHeader,
  name: string,
): Promise<void> {
  const { reader } = task;
  if (head[0] === 0x80 && (head[1] ?? 9) <= 5) await scanPickleFile(task, known);
  else if (startsWith(head, '\x93NUMPY')) await scanArray(task, head, scanNested);
  else if (known.format === 'pickle' || known.format === 'joblib')
    await scanTextPickle(task, known);
  // As a pickle an archive begins with a persistent id, at which plain unpickling ends.
  else if (!startsWith(head, 'PK') && (await isPickle(reader, name))) {
    await scanPickleFile(task, known);
  } else if (pickleEnding.test(name) && /^[(\]})cIFLSVNKJMGX]/.test(latin1(head))) {
    await scanPickles(task, 0, scanNested);
  }
  if (isTar(head)) await scanTar(task, scanNested);
  await scanPacked(task, head, scanNested);
  if (task.depth > 0) scanCompiled(task, head);
  await scanByFormat(task, known);
}

const pickleEnding = /\.(?:pkl|pickle|p|pk|dill|joblib)$/i;

/** Without a protocol in front. Lists of words may look like imports: there it must be sound. */
async function isPickle(reader: RangeReader, name: string): Promise<boolean> {
  const { imports, clear } = await pickleLikeness(reader, 0, 100_000);
  return modelEnding.test(name) || name === '' ? imports : imports && clear;
}

async function scanTextPickle(task: ScanTask, known: ModelHeader): Promise<void> {
  if (known.metadata['compression'] === undefined) await scanPickleFile(task, known);
}

/** Behind the last pickle nothing comes, but in PyTorch's files of old the storages. */
async function scanPickleFile(task: ScanTask, known: ModelHeader): Promise<void> {
  const end = await scanPickles(task, 0, scanNested);
  const rest = task.reader.size - end;
  if (rest === 0 || known.format === 'pytorch-legacy') return;
  const message = `${rest} bytes follow the pickle, which no library writes there; what they are was not looked at.`;
  const where = { ...(task.member === undefined ? {} : { member: task.member }), offset: end };
  task.findings.add('trailing-bytes', 'unreadable', message, where);
}

async function scanByFormat(task: ScanTask, known: ModelHeader): Promise<void> {
  const { findings } = task;
  const where = placeAt(task);
  if (known.format === 'onnx') await scanOnnx(task);
  if (known.format === 'tflite') await scanTflite(task);
  if (known.format === 'tensorflow-savedmodel') await scanTensorflowGraph(task);
  if (known.format === 'gguf') await scanGgufTemplates(task);
  if (known.format === 'safetensors') {
    for (const [key, value] of Object.entries(known.metadata)) {
      if (/chat_template/.test(key) && typeof value === 'string') scanTemplate(task, key, value);
    }
  }
  for (const { code, message } of known.warnings) {
    if (/^tensor-(?:overlap|duplicate|size|gap)$|^header-large$|^version-unknown$/.test(code)) {
      const severity =
        code === 'header-large' || code === 'version-unknown' ? 'unreadable' : 'suspicious';
      findings.add(
        code,
        severity,
        `The header is not as the library writes it: ${message}.`,
        where,
      );
    }
  }
}

/** Texts and graphs that only their names tell. */
async function scanNamed(task: ScanTask, head: Uint8Array, name: string): Promise<void> {
  const text = latin1(head.subarray(0, 512));
  if (/\.py$/.test(name) && task.depth > 0) await scanPython(task, name);
  else if (/\.(?:jinja2?|j2)$/i.test(name)) await scanTemplateFile(task);
  else if (/^\s*[[{"]/.test(text) || /\.(?:ya?ml|json)$/i.test(name)) {
    await scanConfiguration(task);
    if (/(?:^|!)config\.json$/.test(task.member ?? '')) await scanKerasMember(task);
  } else if (/\.(?:pbtxt?|pb|meta)$/i.test(name)) await scanTensorflowGraph(task);
}

/** Programs and libraries of Linux, macOS and Windows, by their first bytes. */
const compiled = ['\x7fELF', '\xcf\xfa\xed\xfe', '\xce\xfa\xed\xfe', '\xca\xfe\xba\xbe'];

function scanCompiled(task: ScanTask, head: Uint8Array): void {
  const text = latin1(head);
  const windows = text.startsWith('MZ') && text.includes('PE\0\0');
  if (!windows && !compiled.some((magic) => text.startsWith(magic))) return;
  const message = 'The archive holds compiled code, which runs when the model is loaded.';
  task.findings.add('compiled-code', 'suspicious', message, placeAt(task));
}

/** TorchScript keeps its own language in `code`; any other Python is run by whoever loads it. */
async function scanPython(task: ScanTask, name: string): Promise<void> {
  if (!/(?:^|!)[^!/]+\/code\//.test(name)) {
    const where = { member: name };
    const message = 'The archive holds Python code, which runs when the model is loaded or served.';
    task.findings.add('python-code', 'suspicious', message, where);
  }
  await scanScript(task);
}

async function scanKerasMember(task: ScanTask): Promise<void> {
  const { reader } = task;
  if (reader.size > longestInflated) return;
  // In another encoding than UTF-8 Python's reader of JSON still takes it; here it counts as not read.
  scanKerasConfig(task, Buffer.from(await reader.read(0, reader.size)).toString('utf8'));
}

async function hasZipEnd(reader: RangeReader, head: Uint8Array): Promise<boolean> {
  if (startsWith(head, 'PK\x03\x04') || startsWith(head, 'PK\x05\x06')) return true;
  const length = Math.min(reader.size, 22 + 65_535);
  const tail = await reader.read(reader.size - length, length);
  return Buffer.from(tail).includes('PK\x05\x06', 0, 'latin1');
}
