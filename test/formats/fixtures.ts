import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { identifyModel, type ModelHeader } from '../../src/formats/index';
import type { RangeReader } from '../../src/platform/index';

export function fixture(name: string): Uint8Array {
  return readFileSync(fileURLToPath(new URL(`../fixtures/models/${name}`, import.meta.url)));
}

/** A reader over bytes in memory, which counts what is read of them. */
export function readerOf(bytes: Uint8Array): RangeReader & { bytesRead: number } {
  const reader = {
    size: bytes.length,
    bytesRead: 0,
    read: (offset: number, length: number) => {
      if (offset < 0 || length < 0 || offset + length > bytes.length) {
        return Promise.reject(new RangeError(`${offset} + ${length} of ${bytes.length}`));
      }
      reader.bytesRead += length;
      return Promise.resolve(bytes.slice(offset, offset + length));
    },
  };
  return reader;
}

export function identify(bytes: Uint8Array | string): Promise<ModelHeader> {
  const all = typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes;
  return identifyModel(readerOf(all), 'some/file');
}

/** A safetensors file with this header text and so many bytes of data. */
export function safetensors(json: string, dataLength: number): Buffer {
  const head = Buffer.from(json);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(head.length));
  return Buffer.concat([length, head, Buffer.alloc(dataLength)]);
}

/** What the libraries themselves read from the fixtures. */
export const expected = JSON.parse(Buffer.from(fixture('expected.json')).toString()) as Record<
  string,
  Record<string, { dtype: string; shape: number[]; sha256: string | null }>
>;
