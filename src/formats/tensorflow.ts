import { latin1, startsWith } from './bytes';
import { Cursor, EndOfFile } from './cursor';
import { endsEarly, header, type ModelHeader, type Probe } from './modelHeader';
import { nextField, skipPayload } from './protobuf';

/**
 * `saved_model.pb` of a SavedModel folder: a protocol buffer of the schema's version (1) and the
 * graphs, each of which begins with its description. The variables lie in files beside it.
 * https://www.tensorflow.org/guide/saved_model
 */
export async function readSavedModel({ reader, head }: Probe): Promise<ModelHeader | null> {
  if (!startsWith(head, '\x08\x01\x12')) return null;
  const cursor = new Cursor(reader, 2);
  let graphs = 0;
  try {
    while (cursor.left > 0) {
      const field = await nextField(cursor);
      if (field === null || field.number !== 2 || field.wire !== 2) return null;
      if (!(await beginsWithDescription(cursor, field.start))) return null;
      graphs++;
      skipPayload(cursor, field);
    }
  } catch (error) {
    if (!(error instanceof EndOfFile)) throw error;
    if (graphs === 0) return null;
    return header('tensorflow-savedmodel', { why: endsEarly(error.needed, reader.size) });
  }
  return header('tensorflow-savedmodel', { metadata: { graphs } });
}

/** A MetaGraphDef: MetaInfoDef in field 1, in which field 2 lists operations or 4 names tags. */
async function beginsWithDescription(cursor: Cursor, start: number): Promise<boolean> {
  const description = await nextField(cursor);
  if (description?.number !== 1 || description.wire !== 2) return false;
  const inner = await nextField(cursor);
  cursor.position = start;
  return inner !== null && inner.wire === 2 && inner.number <= 8;
}

/**
 * `variables.index` and `model.ckpt.index`: a LevelDB table, told by the magic at its end.
 * https://github.com/google/leveldb/blob/main/doc/table_format.md
 */
const tableMagic = '\x57\xfb\x80\x8b\x24\x75\x47\xdb';
const footerLength = 48;

export async function readTensorflowIndex({ reader }: Probe): Promise<ModelHeader | null> {
  if (reader.size < footerLength) return null;
  const end = await reader.read(reader.size - tableMagic.length, tableMagic.length);
  return latin1(end) === tableMagic ? header('tensorflow-index') : null;
}
