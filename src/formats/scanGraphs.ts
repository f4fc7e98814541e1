import type { RangeReader } from '../platform';
import { latin1 } from './bytes';
import { EndOfFile } from './cursor';
import { walkOnnx } from './onnxGraph';
import type { ScanTask } from './scanTask';

/**
 * Operators of TensorFlow that reach files, the network or Python, by what they do. Those that every
 * SavedModel has to save and restore itself are none of them.
 * https://www.tensorflow.org/api_docs/python/tf/raw_ops
 */
const reaching: readonly (readonly [RegExp, string])[] = [
  [/^(?:Eager)?PyFunc(?:Stateless)?$/, 'runs Python'],
  [/^(?:ReadFile|ImmutableConst|LoadAndRemapMatrix|GenerateVocabRemapping)$/, 'reads any file'],
  [/^(?:WholeFile|TextLine|TFRecord|FixedLengthRecord|LMDB)Reader(?:V2)?$/, 'reads any file'],
  [
    /^(?:Experimental)?(?:TextLine|TFRecord|FixedLengthRecord|CSV|Sql|LMDB|Load|ListSnapshotChunks)Dataset(?:V\d)?$/,
    'reads any file',
  ],
  [/^(?:Experimental)?MatchingFiles(?:Dataset)?$/, 'lists files'],
  [/^(?:WriteFile|Save|SaveSlices|WriteRawProtoSummary)$/, 'writes any file'],
  [/^(?:Experimental)?(?:Cache|Snapshot|Save)Dataset(?:V\d)?$/, 'writes any file'],
  [/^CreateSummary(?:File|Db)Writer$/, 'writes any file'],
  [/^(?:PrintV2|DebugIdentity(?:V\d)?)$/, 'may write to any file'],
  [
    /^(?:TryRpc|Rpc(?:Call|Client|Server|ServerStart)?|RegisterDataset(?:V2)?)$/,
    'opens the network',
  ],
  [/^DataServiceDataset(?:V\d)?$/, 'opens the network'],
  [/^LoadLibrary$/, 'loads a library'],
  [/^DatasetFromGraph$/, 'runs another graph'],
];

function doneBy(operator: string): string | undefined {
  return reaching.find(([names]) => names.test(operator))?.[1];
}

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
      const does = doneBy(name);
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
    const does = doneBy(operator);
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

/** TFLite: TensorFlow's own operators come in by their names behind `Flex`. */
export async function scanTflite({ reader, findings, member }: ScanTask): Promise<void> {
  findings.isModel = true;
  for (let at = 0; at < reader.size; at += pieceLength) {
    for (const { index, 1: name = '' } of (await pieceAt(reader, at)).matchAll(
      /Flex([A-Z]\w{2,60})/g,
    )) {
      const does = doneBy(name);
      if (does === undefined) continue;
      const where = { ...(member === undefined ? {} : { member }), offset: at + index };
      const message = `The model has TensorFlow's operator ${name}, which ${does} when the model runs.`;
      findings.add('graph-operator', 'dangerous', message, where);
    }
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
    const { external, domains, unfollowed } = await walkOnnx({ reader });
    if (unfollowed) {
      const message =
        'Graphs are nested deeper or are larger than any exporter makes them, and were not all looked at.';
      findings.add('part-not-read', 'unreadable', message, where);
    }
    for (const { name, place, location = '', locations = [] } of external) {
      const file = [location, ...locations].find(leadsOut);
      if (file !== undefined) {
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
    for (const domain of domains) {
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
