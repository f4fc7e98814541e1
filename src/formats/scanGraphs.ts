import type { RangeReader } from '../platform';
import { latin1 } from './bytes';
import { EndOfFile } from './cursor';
import { walkOnnx } from './onnxGraph';
import type { ScanTask } from './scanPickle';

/** Operators of TensorFlow that reach files or run Python. */
const operators: Readonly<Record<string, string>> = {
  ReadFile: 'reads any file',
  WriteFile: 'writes any file',
  MatchingFiles: 'lists files',
  PyFunc: 'runs Python',
  PyFuncStateless: 'runs Python',
  EagerPyFunc: 'runs Python',
  Save: 'writes any file',
  LoadLibrary: 'loads a library',
  ImmutableConst: 'maps any file',
  TFRecordReader: 'reads any file',
  WholeFileReader: 'reads any file',
  TextLineReader: 'reads any file',
  PrintV2: 'may write to any file',
  DebugIdentity: 'may write to any file',
  DebugIdentityV2: 'may write to any file',
  DebugIdentityV3: 'may write to any file',
  RpcServer: 'opens the network',
  RegisterDataset: 'opens the network',
  TextLineDataset: 'reads any file',
  TFRecordDataset: 'reads any file',
  TFRecordDatasetV2: 'reads any file',
  FixedLengthRecordDataset: 'reads any file',
  SaveDataset: 'writes any file',
  SaveDatasetV2: 'writes any file',
  LoadDataset: 'reads any file',
  DatasetFromGraph: 'runs another graph',
};

const pieceLength = 1 << 20;
const overlap = 128;

/**
 * Looks for operators by their names as a graph has them: field 2 of a node, a length, the name.
 * Function libraries have nodes of the same kind, so that nothing is nested out of sight.
 */
export async function scanTensorflowGraph({ reader, findings, member }: ScanTask): Promise<void> {
  findings.isModel = true;
  for (let at = 0; at < reader.size; at += pieceLength) {
    const text = await pieceAt(reader, at);
    scanGraphText({ findings, member }, text, at);
    for (const match of text.matchAll(/[A-Z][A-Za-z0-9]{3,40}/g)) {
      // The tag and the length stand before the name.
      if (text.charCodeAt(match.index - 2) !== 0x12) continue;
      const name = match[0].slice(0, text.charCodeAt(match.index - 1));
      const does = Object.hasOwn(operators, name) ? operators[name] : undefined;
      if (does === undefined) continue;
      const where = { ...(member === undefined ? {} : { member }), offset: at + match.index };
      findings.add(
        'graph-operator',
        'dangerous',
        `The graph has the operator ${name}, which ${does} when the model runs.`,
        where,
      );
    }
  }
}

/** Graphs as text name operators as such; Keras keeps its layers beside a graph as JSON. */
function scanGraphText(
  { findings, member }: Pick<ScanTask, 'findings'> & { member: string | undefined },
  text: string,
  at: number,
): void {
  const pattern =
    /\bop: *["']([A-Z][A-Za-z0-9]{3,40})["']|"class_name": *"(Lambda|TorchModuleWrapper)"/g;
  for (const { index, 1: operator = '', 2: layer } of text.matchAll(pattern)) {
    const does = Object.hasOwn(operators, operator) ? operators[operator] : undefined;
    const where = { ...(member === undefined ? {} : { member }), offset: at + index };
    if (layer !== undefined) {
      const message = `The model has a ${layer} layer, which runs code that the file holds.`;
      findings.add('keras-code', 'dangerous', message, where);
    } else if (does !== undefined) {
      const message = `The graph has the operator ${operator}, which ${does} when the model runs.`;
      findings.add('graph-operator', 'dangerous', message, where);
    }
  }
}

async function pieceAt(reader: RangeReader, at: number): Promise<string> {
  return latin1(await reader.read(at, Math.min(pieceLength + overlap, reader.size - at)));
}

const flexed =
  /Flex(ReadFile|WriteFile|PyFunc|EagerPyFunc|MatchingFiles|PrintV2|TextLineDataset|TFRecordDataset)/;

/** TFLite: TensorFlow's own operators come in by their names behind `Flex`. */
export async function scanTflite({ reader, findings, member }: ScanTask): Promise<void> {
  findings.isModel = true;
  for (let at = 0; at < reader.size; at += pieceLength) {
    const found = flexed.exec(await pieceAt(reader, at));
    if (found === null) continue;
    const where = { ...(member === undefined ? {} : { member }), offset: at + found.index };
    findings.add(
      'graph-operator',
      'dangerous',
      `The model has TensorFlow's operator ${found[1]}, which reaches files or runs Python.`,
      where,
    );
  }
}

/** Operators that come with ONNX Runtime and its exporters. */
const knownDomains =
  /^(?:|ai\.onnx|ai\.onnx\.(?:ml|preview|preview\.training|training)|com\.microsoft(?:\.\w+)*|pkg\.onnxscript\.\S*|pkg\.torch\.\S*|org\.pytorch\.aten)$/;

/** ONNX: values in other files, and operators that only a library of the author's own provides. */
export async function scanOnnx({ reader, findings, member }: ScanTask): Promise<void> {
  const where = member === undefined ? {} : { member };
  findings.isModel = true;
  try {
    const { external, domains } = await walkOnnx({ reader });
    for (const { name, place, location } of external) {
      const file = location ?? place?.file ?? '';
      if (leadsOut(file)) {
        findings.add(
          'external-path',
          'dangerous',
          `The values of ${name} are in ${JSON.stringify(file)}, outside the model's directory: loading it reads that file.`,
          where,
        );
      } else if (place === undefined) {
        findings.add(
          'external-range',
          'unreadable',
          `The values of ${name} are in another file at a place that does not fit their shape.`,
          where,
        );
      }
    }
    for (const domain of new Set(domains)) {
      if (knownDomains.test(domain)) continue;
      findings.add(
        'custom-operators',
        'suspicious',
        `The model uses operators of ${JSON.stringify(domain)}: whoever runs it must load that library's code.`,
        where,
      );
    }
  } catch (error) {
    if (!(error instanceof EndOfFile)) throw error;
    findings.add('part-not-read', 'unreadable', 'The graph ends within itself.', where);
  }
}

/** Absolute, with a drive, a scheme, or with a part that goes up. */
function leadsOut(path: string): boolean {
  return (
    path === '' ||
    /^(?:[\\/]|[A-Za-z]:|[a-z]+:\/\/|~)/.test(path) ||
    path.split(/[\\/]/).includes('..') ||
    path.includes('\0')
  );
}
