import { readdirSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { Failure } from '../../src/core/failure';
import { readModel, scanModel } from '../../src/formats/index';
import { hostileContainers } from './hostileContainers';
import { hostileGraphs } from './hostileGraphs';
import { hostileModels } from './hostileModels';
import { hostilePacked } from './hostilePacked';
import { hostilePickles } from './hostilePickles';
import { hostileTwists } from './hostileTwists';
import { mutated, randomness } from './mutators';
import { importsByOpcodes } from './opcodeWalk';

/**
 * Damages files and reads them: `npm run fuzz -- --seconds 600 --seed 7`. Nothing may crash, take
 * long, take memory, or read outside the file; and damage to a pickle that runs code must never make
 * it clean. What fails is told with its seed and turn, which make the same file again.
 */
const seconds = Number(process.env.CAIRN_FUZZ_SECONDS ?? 20);
const seed = Number(process.env.CAIRN_FUZZ_SEED ?? 1);
const longestMilliseconds = 2000;
const mostMemory = 200 * 1024 * 1024;
const largestFile = 300_000;

interface Source {
  readonly name: string;
  readonly bytes: Buffer;
  readonly dangerous: boolean;
}

function files(folder: URL): Source[] {
  const root = fileURLToPath(folder);
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(`${root}${name}`).isFile() && !name.endsWith('.md'))
    .map((name) => ({ name, bytes: readFileSync(`${root}${name}`), dangerous: false }))
    .filter(({ bytes }) => bytes.length > 0 && bytes.length < largestFile);
}

const sources: readonly Source[] = [
  ...files(new URL('../fixtures/models/', import.meta.url)),
  ...files(new URL('./benign/', import.meta.url)),
  ...[...hostileContainers, ...hostileModels, ...hostileGraphs, ...hostilePacked]
    .filter(({ bytes }) => bytes.length < largestFile)
    .map(({ name, bytes }) => ({ name, bytes, dangerous: false })),
  ...[...hostilePickles, ...hostileTwists].map(({ name, bytes, least }) => ({
    name,
    bytes,
    dangerous: least === 'dangerous',
  })),
];

function strictReader(bytes: Buffer) {
  const outside: string[] = [];
  const read = (offset: number, length: number) => {
    const sound = Number.isSafeInteger(offset) && Number.isSafeInteger(length);
    if (!sound || offset < 0 || length < 0 || offset + length > bytes.length) {
      outside.push(`${length} bytes at ${offset} of ${bytes.length}`);
      return Promise.reject(new RangeError(outside.at(-1)));
    }
    return Promise.resolve(new Uint8Array(bytes.subarray(offset, offset + length)));
  };
  return { outside, reader: { size: bytes.length, read } };
}

async function orFailure<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return null;
  }
}

it(
  `finds nothing in ${seconds} s`,
  async () => {
    const random = randomness(seed);
    const others = sources.map(({ bytes }) => bytes);
    const end = performance.now() + seconds * 1000;
    for (let turn = 0; performance.now() < end; turn++) {
      const { name, bytes, dangerous } = sources[Math.floor(random() * sources.length)] as Source;
      const damaged = mutated(bytes, random, others);
      const told = `${name}, seed ${seed}, turn ${turn}: ${JSON.stringify(damaged.toString('latin1', 0, 200))}`;
      const { reader, outside } = strictReader(damaged);
      const before = process.memoryUsage();
      const start = process.cpuUsage();
      await orFailure(readModel(reader, name));
      const scan = await orFailure(scanModel(reader, name));
      const { user, system } = process.cpuUsage(start);
      const after = process.memoryUsage();
      expect(outside, told).toEqual([]);
      expect((user + system) / 1000, told).toBeLessThan(longestMilliseconds);
      expect(
        after.arrayBuffers + after.heapUsed - before.arrayBuffers - before.heapUsed,
        told,
      ).toBeLessThan(mostMemory);
      // Damage may cut the payload away or into a text; what still comes to it must not be clean.
      if (dangerous && importsByOpcodes(damaged, 'system')) {
        expect(['clean', 'not-a-model'], told).not.toContain(scan?.verdict);
      }
    }
  },
  (seconds + 120) * 1000,
);
