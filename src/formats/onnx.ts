import { Cursor, EndOfFile } from './cursor';
import { endsEarly, header, type MetadataValue, type ModelHeader, type Probe } from './modelHeader';
import { nextField, skipPayload, type WireField } from './protobuf';

/**
 * ONNX: one protocol buffer `ModelProto` without a magic. Its first field is the version of the
 * format, and every field at its top must be one that `ModelProto` has.
 * https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
 */
const fields: Readonly<Record<number, { wire: number; name: string }>> = {
  1: { wire: 0, name: 'ir_version' },
  2: { wire: 2, name: 'producer_name' },
  3: { wire: 2, name: 'producer_version' },
  4: { wire: 2, name: 'domain' },
  5: { wire: 0, name: 'model_version' },
  6: { wire: 2, name: 'doc_string' },
  7: { wire: 2, name: 'graph' },
  8: { wire: 2, name: 'opset_import' },
  14: { wire: 2, name: 'metadata_props' },
  20: { wire: 2, name: 'training_info' },
  25: { wire: 2, name: 'functions' },
  26: { wire: 2, name: 'configuration' },
};
const texts = new Set(['producer_name', 'producer_version', 'domain']);
const longestText = 256;
const newestVersion = 99n;
const mostFields = 100_000;

export async function readOnnx({ reader, head }: Probe): Promise<ModelHeader | null> {
  // Field 1, an integer below 128: what every exporter writes first.
  if (head[0] !== 0x08 || (head[1] ?? 0) >= newestVersion || (head[1] ?? 0) === 0) return null;
  const cursor = new Cursor(reader);
  const metadata: Record<string, MetadataValue> = {};
  let graph = false;
  try {
    for (let count = 0; cursor.left > 0; count++) {
      const field = await nextField(cursor);
      if (field === null || count > mostFields || fields[field.number]?.wire !== field.wire) {
        return null;
      }
      if (field.number === 7 && (await beginsLikeGraph(cursor, field, reader.size))) graph = true;
      await note(metadata, cursor, field);
    }
  } catch (error) {
    if (!(error instanceof EndOfFile)) throw error;
    // Before the graph nothing sets it apart from other protocol buffers.
    return graph ? header('onnx', { why: endsEarly(error.needed, reader.size), metadata }) : null;
  }
  return graph ? header('onnx', { metadata }) : null;
}

/** A graph begins with a node (field 1, with a length that lies within the graph) or its name (2). */
async function beginsLikeGraph(cursor: Cursor, graph: WireField, size: number): Promise<boolean> {
  if (graph.value === 0n) return true;
  if (graph.start >= size) throw new EndOfFile(graph.start + 1);
  const inner = await nextField(cursor);
  cursor.position = graph.start;
  return inner !== null && inner.wire === 2 && inner.number <= 16 && inner.value < graph.value;
}

async function note(
  metadata: Record<string, MetadataValue>,
  cursor: Cursor,
  field: WireField,
): Promise<void> {
  const name = fields[field.number]?.name ?? '';
  if (field.wire === 0) metadata[name] = Number(field.value);
  if (texts.has(name) && field.value < longestText) {
    metadata[name] = await cursor.text(Number(field.value), longestText);
    return;
  }
  skipPayload(cursor, field);
}
