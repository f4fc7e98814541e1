import { readdirSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
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

/** A minute of work in all, of which each of two processes does a half at the same time. */
export const fuzzSeconds = Number(process.env.CAIRN_FUZZ_SECONDS ?? 60) / 2;
const firstSeed = Number(process.env.CAIRN_FUZZ_SEED ?? 1);
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
  ...files(new URL('./libraries/', import.meta.url)),
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

/** Runs code whatever comes behind its end: raw pickles alone. */
const running = sources.filter(
  ({ bytes, dangerous }) => dangerous && importsByOpcodes(bytes, 'system'),
);

/**
 * Damages files and reads them: `npm run fuzz -- --seconds 600 --seed 7`. Nothing may crash, take
 * long, take memory, or read outside the file; damage to a pickle that runs code must never make
 * it clean, and what is put behind one must not make its verdict better. What fails is told with its
 * seed and turn, which make the same file again. `part`: which of the processes this is.
 */
export async function fuzz(part: number): Promise<void> {
  const seed = firstSeed + 1_000_003 * part;
  const random = randomness(seed);
  const others = sources.map(({ bytes }) => bytes);
  const end = performance.now() + fuzzSeconds * 1000;
  for (let turn = 0; performance.now() < end; turn++) {
    const source = one(random, sources);
    const damaged = mutated(source.bytes, random, others);
    await readAndScan(source, damaged, `seed ${seed}, turn ${turn}`);
    if (turn % 8 === 0) await readFurther(one(random, running), one(random, others), seed, turn);
  }
}

const one = <T>(random: () => number, list: readonly T[]): T =>
  list[Math.floor(random() * list.length)] as T;

async function readAndScan(
  { name, dangerous }: Source,
  damaged: Buffer,
  when: string,
): Promise<void> {
  const told = `${name}, ${when}: ${JSON.stringify(damaged.toString('latin1', 0, 200))}`;
  const { reader, outside } = strictReader(damaged);
  const before = process.memoryUsage();
  const start = process.cpuUsage();
  await orFailure(readModel(reader, name));
  const scan = await orFailure(scanModel(reader, name));
  const { user, system } = process.cpuUsage(start);
  const after = process.memoryUsage();
  expect(outside, told).toEqual([]);
  expect((user + system) / 1000, told).toBeLessThan(longestMilliseconds);
  const taken = after.arrayBuffers + after.heapUsed - before.arrayBuffers - before.heapUsed;
  expect(taken, told).toBeLessThan(mostMemory);
  // Damage may cut the payload away or into a text; what still comes to it must not be clean.
  if (dangerous && importsByOpcodes(damaged, 'system')) {
    expect(['clean', 'not-a-model'], told).not.toContain(scan?.verdict);
  }
}

async function readFurther(
  { name, bytes }: Source,
  behind: Buffer,
  seed: number,
  turn: number,
): Promise<void> {
  const { reader } = strictReader(Buffer.concat([bytes, behind]));
  const scan = await scanModel(reader, name);
  expect(scan.verdict, `${name} and more, seed ${seed}, turn ${turn}`).toBe('dangerous');
}
