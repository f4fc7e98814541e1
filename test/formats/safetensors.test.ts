import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { identify, safetensors } from './fixtures';

const one = '"w":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]}';

async function codes(json: string, dataLength: number): Promise<string[]> {
  const { warnings } = await identify(safetensors(json, dataLength));
  return warnings.map(({ code }) => code);
}

describe('safetensors', () => {
  it('lists tensors with their sizes', async () => {
    expect(await identify(safetensors(`{${one}}`, 24))).toEqual({
      format: 'safetensors',
      complete: true,
      why: null,
      tensors: [
        { name: 'w', dtype: 'F32', shape: [2, 3], bytes: 24, place: { offset: 65, length: 24 } },
      ],
      metadata: {},
      parameters: 6,
      pointer: null,
      warnings: [],
    });
    expect(await identify(safetensors('{}', 0))).toMatchObject({ complete: true, tensors: [] });
  });

  it.each([
    ['fewer bytes than the header describes', 23, 'describes 24 bytes of tensors and 23 are there'],
    ['more bytes than the header describes', 30, '6 bytes follow the last tensor'],
  ])('is not complete with %s', async (_, length, why) => {
    const found = await identify(safetensors(`{${one}}`, length));
    expect(found.complete).toBe(false);
    expect(found.why).toContain(why);
  });

  it.each([
    ['broken JSON', `{${one}`],
    ['a list', `[${one}]`.replace('[', '{"a":[').replace(']', ']')],
    ['offsets that are no pair', '{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,2,4]}}'],
    ['negative offsets', '{"w":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}}'],
    ['offsets in reverse', '{"w":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}'],
    ['offsets over 2^53', '{"w":{"dtype":"U8","shape":[1],"data_offsets":[0,9007199254740993]}}'],
    ['a shape of text', '{"w":{"dtype":"F32","shape":["1"],"data_offsets":[0,4]}}'],
    ['a fractional shape', '{"w":{"dtype":"F32","shape":[0.5],"data_offsets":[0,2]}}'],
    ['no type', '{"w":{"shape":[1],"data_offsets":[0,4]}}'],
  ])('is not complete with %s', async (_, json) => {
    expect(await identify(safetensors(json, 4))).toMatchObject({
      format: 'safetensors',
      complete: false,
    });
  });

  it('tells a header that is longer than allowed, with both numbers', async () => {
    const bytes = safetensors('{}', 0);
    bytes.writeBigUInt64LE(100_000_001n);
    const { complete, why } = await identify(bytes);
    expect(complete).toBe(false);
    expect(why).toBe('its header of 100000001 bytes is over 100000000');
  });

  it('is torn within its header', async () => {
    const bytes = safetensors(`{${one}}`, 24);
    expect((await identify(bytes.subarray(0, 20))).why).toMatch(/^it needs \d+ bytes and has 20$/);
  });

  it('warns of what other readers refuse or take differently', async () => {
    expect(
      await codes(`{${one},"w":{"dtype":"F32","shape":[6],"data_offsets":[0,24]}}`, 24),
    ).toEqual(['tensor-duplicate']);
    expect(
      await codes(`{${one},"\\u0077":{"dtype":"U8","shape":[24],"data_offsets":[0,24]}}`, 24),
    ).toEqual(['tensor-duplicate']);
    expect(await codes('{"w":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}', 8)).toEqual([
      'tensor-gap',
    ]);
    expect(
      await codes(`{${one},"v":{"dtype":"U8","shape":[10],"data_offsets":[20,30]}}`, 30),
    ).toEqual(['tensor-overlap']);
    expect(await codes('{"w":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}', 8)).toEqual([
      'tensor-size',
    ]);
    expect(await codes('{"w":{"dtype":"Q9","shape":[8],"data_offsets":[0,8]}}', 8)).toEqual([
      'dtype-unknown',
    ]);
    expect(
      await codes('{"w":{"dtype":"constructor","shape":[8],"data_offsets":[0,8]}}', 8),
    ).toEqual(['dtype-unknown']);
    expect(await codes(`{${one}}\0\0\0`, 24)).toEqual(['header-padded']);
  });

  it('knows types below a byte', async () => {
    const json = '{"a":{"dtype":"F4","shape":[6],"data_offsets":[0,3]},'.concat(
      '"b":{"dtype":"F6_E2M3","shape":[4],"data_offsets":[3,6]}}',
    );
    expect(await codes(json, 6)).toEqual([]);
  });

  it('takes names that mean something in JavaScript', async () => {
    const json = `{"__proto__":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},
      "constructor":{"dtype":"U8","shape":[1],"data_offsets":[1,2]},
      "__metadata__":{"__proto__":"x","n":"1","wrong":1}}`;
    const { tensors, metadata, complete } = await identify(safetensors(json, 2));
    expect(complete).toBe(true);
    expect(tensors?.map(({ name }) => name)).toEqual(['__proto__', 'constructor']);
    expect(Object.entries(metadata)).toEqual([
      ['__proto__', 'x'],
      ['n', '1'],
    ]);
  });

  it('is not hurt by 100,000 entries, NUL padding or endless strings', async () => {
    const entries = Array.from(
      { length: 100_000 },
      (_, index) => `"t${index}":{"dtype":"U8","shape":[1],"data_offsets":[${index},${index + 1}]}`,
    );
    const many = await identify(safetensors(`{${entries.join()}}`, 100_000));
    expect(many).toMatchObject({ complete: true, parameters: 100_000, warnings: [] });

    const nul = await identify(safetensors(`{${'\0'.repeat(2_000_000)}}`, 0));
    expect(nul.complete).toBe(false);

    const long = JSON.stringify('\\"'.repeat(1_000_000));
    const text = await identify(safetensors(`{"__metadata__":{"a":${long}}}`, 0));
    expect(text.complete).toBe(true);
    expect(String(text.metadata['a']).length).toBeLessThan(5000);
  });

  it('tells only the first of very many faults', async () => {
    const entries = Array.from(
      { length: 1000 },
      (_, index) => `"t${index}":{"dtype":"X","shape":[1],"data_offsets":[${index},${index + 1}]}`,
    );
    expect(await codes(`{${entries.join()}}`, 1000)).toHaveLength(20);
  });

  it('comes back as it was written', async () => {
    const dtype = fc.constantFrom(['U8', 1] as const, ['BF16', 2] as const, ['F64', 8] as const);
    const tensor = fc.tuple(dtype, fc.array(fc.nat(4), { maxLength: 3 }));
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.string(), tensor), async (tensors) => {
        fc.pre(!('__metadata__' in tensors));
        let end = 0;
        const entries = Object.entries(tensors).map(([name, [[type, width], shape]]) => {
          const begin = end;
          end += shape.reduce((a, b) => a * b, width as number);
          return [name, { dtype: type, shape, data_offsets: [begin, end] }] as const;
        });
        const found = await identify(safetensors(JSON.stringify(Object.fromEntries(entries)), end));
        expect(found).toMatchObject({ complete: true, warnings: [] });
        expect(new Map(found.tensors?.map((t) => [t.name, [t.dtype, t.shape, t.bytes]]))).toEqual(
          new Map(
            entries.map(
              ([
                name,
                {
                  dtype: type,
                  shape,
                  data_offsets: [a = 0, b = 0],
                },
              ]) => [name, [type, shape, b - a]],
            ),
          ),
        );
      }),
    );
  });
});
