import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ChunkList } from '../../src/artifacts/chunkList';

const digits = (count: number) =>
  fc
    .uint8Array({ minLength: count, maxLength: count })
    .map((bytes) => Buffer.from(bytes).toString('hex'));
const chunk = fc.record({
  digest: digits(32),
  length: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  width: fc.constantFrom(0, 1, 2, 4, 8),
  // Zeros stand for none.
  role: fc.option(
    digits(8).filter((role) => /[^0]/.test(role)),
    { nil: null },
  ),
});

test('chunks come back as they were put in, also from the rows alone', () => {
  fc.assert(
    fc.property(fc.array(chunk, { maxLength: 200 }), (chunks) => {
      const list = new ChunkList();
      for (const one of chunks) list.push(one);
      const again = new ChunkList(Buffer.from(list.rows));
      for (const each of [list, again]) {
        expect([...each]).toEqual(chunks);
        expect(each).toHaveLength(chunks.length);
        expect(each.at(chunks.length)).toBeUndefined();
        expect(each.at(-1)).toBeUndefined();
        expect(each.at(0)).toEqual(chunks[0]);
      }
      expect(list.isSame(0, chunks.length)).toBe(false);
      list.push(chunks[0] ?? { digest: '0'.repeat(64), length: 1, width: 0, role: null });
      expect(list.isSame(0, list.length - 1)).toBe(true);
    }),
  );
});
