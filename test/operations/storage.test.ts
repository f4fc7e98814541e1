import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openProject } from '../../src/operations';
import { type Clock, nodePlatform } from '../../src/platform';
import { field, onnx } from '../hostile/hostileModels';
import { Sandbox, type Workspace } from './sandbox';

const sandbox = new Sandbox('operations-storage');
const weights = 'models/digits.safetensors';

/** The real clock, so many hours later. */
function later(hours: number): Clock {
  return {
    now: () => new Date(Date.now() + hours * 3_600_000),
    elapsed: () => performance.now(),
    sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  };
}

function openLater(workspace: Workspace, hours: number) {
  const { environment, directory: temporary } = sandbox;
  const platform = nodePlatform({ environment, temporary, clock: later(hours) });
  return openProject(platform, workspace.root);
}

/** A safetensors file of one tensor that is too long to lie in its recipe. */
function model(seed: number): Buffer {
  const length = 200_000;
  const header = JSON.stringify({ w: { dtype: 'U8', shape: [length], data_offsets: [0, length] } });
  const start = Buffer.alloc(8);
  start.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([start, Buffer.from(header), noise(seed, length)]);
}

function noise(seed: number, length: number): Buffer {
  let state = seed;
  return Buffer.from(
    Uint8Array.from({ length }, () => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      return state >>> 24;
    }),
  );
}

async function threeVersions(): Promise<Workspace> {
  const workspace = sandbox.repository();
  await workspace.initialize();
  await workspace.use(async (project) => {
    for (const seed of [1, 2, 3]) {
      workspace.write({ [weights]: model(seed) });
      await project.commit({ message: `version ${seed}` });
    }
  });
  return workspace;
}

describe('what the store takes', () => {
  test('is told by version, and freed once a version is dropped and its grace is over', async () => {
    const workspace = await threeVersions();
    await workspace.use(async (project) => {
      const { store, versions } = await project.storage({});
      expect(versions.map(({ reference }) => reference)).toEqual(
        [1, 2, 3].map((n) => `digits@v${n}`),
      );
      for (const { own, size } of versions) expect(own / size).toBeGreaterThan(0.9);
      expect(store.bytes).toBeGreaterThan(600_000);
      await project.drop({ reference: 'digits@v2' });
      expect(await project.gc({})).toMatchObject({ artifacts: 0 });
      // It can still be taken back.
      await project.undo({});
      await project.drop({ reference: 'digits@v2' });
    });
    const project = await openLater(workspace, 200);
    const told = await project.gc({ dryRun: true });
    expect(told).toMatchObject({ artifacts: 1, applied: false });
    expect(told.bytes).toBeGreaterThan(190_000);
    expect(await project.gc({})).toEqual({ ...told, applied: true });
    const [last] = (await project.operations({ limit: 1 })).operations;
    expect(last).toMatchObject({ kind: 'gc', detail: { artifacts: 1 } });
    expect(await project.verify({ full: true })).toMatchObject({ problems: [] });
    const { versions } = await project.storage({ model: 'digits' });
    expect(versions).toHaveLength(2);
    await project.rollback({ reference: 'digits@v1' });
    expect(workspace.bytes(weights).equals(model(1))).toBe(true);
    await project.close();
  });

  test('is not freed where another project lives on it', async () => {
    const workspace = sandbox.repository();
    const store = join(sandbox.directory, 'shared-store');
    workspace.git('config', 'cairn.store', store);
    await workspace.initialize();
    await workspace.use((project) => project.gc({}));
    writeFileSync(join(store, 'users', 'f'.repeat(64)), '/somewhere/else/.git/cairn');
    await workspace.use(async (project) => {
      await expect(project.gc({ dryRun: true })).rejects.toMatchObject({
        code: 'store-shared',
        data: { projects: ['/somewhere/else/.git/cairn'] },
      });
    });
  });
});

test('tensors in a file beside an ONNX model are stored once, wherever they lie in it', async () => {
  const workspace = sandbox.repository();
  await workspace.initialize();
  const tensors: Record<string, Buffer> = { a: noise(4, 100_000), b: noise(5, 100_000) };
  const entry = (key: string, value: string) => field(13, field(1, key) + field(2, value));
  const values = (names: readonly string[]) => {
    const places = names.map((name, index) => {
      const place = entry('offset', `${index * 100_000}`) + entry('length', '100000');
      const facts = field(1, 25_000) + field(2, 1) + field(8, name);
      return field(5, facts + entry('location', 'values.bin') + place + field(14, 1));
    });
    const graph = field(1, field(4, 'Relu')) + places.join('');
    return {
      'net/model.onnx': Buffer.from(onnx(graph), 'latin1'),
      'net/values.bin': Buffer.concat(names.map((name) => tensors[name] ?? Buffer.alloc(0))),
    };
  };
  await workspace.use(async (project) => {
    for (const names of [
      ['a', 'b'],
      ['b', 'a'],
    ]) {
      workspace.write(values(names));
      const files = ['net/model.onnx', 'net/values.bin'];
      await project.commit({ model: 'net', message: names.join(), files });
    }
    const { versions } = await project.storage({ model: 'net' });
    for (const { own, shared } of versions) {
      expect(own).toBeLessThan(5000);
      expect(shared).toBeGreaterThan(190_000);
    }
  });
});

test('damage that was found is mended by committing the same again', async () => {
  const workspace = await threeVersions();
  const packs = join(workspace.root, '.git/cairn/artifacts/packs');
  for (const pack of readdirSync(packs)) {
    const bytes = readFileSync(join(packs, pack));
    bytes[10_000] = (bytes[10_000] ?? 0) ^ 4;
    workspace.write({ [`.git/cairn/artifacts/packs/${pack}`]: bytes });
  }
  await workspace.use(async (project) => {
    const { problems } = await project.verify({ full: true });
    expect(problems.map(({ code }) => code)).toEqual(Array(3).fill('artifact-damaged'));
    expect(problems[2]?.message).toMatch(/The working file .* has the same bytes/);
    await expect(project.commit({ message: 'again' })).rejects.toMatchObject({
      code: 'nothing-changed',
      data: { mended: expect.any(Number) },
    });
    const left = await project.verify({ full: true });
    expect(left.problems.map(({ message }) => message)).toEqual([
      expect.stringContaining('of digits@v1.1 '),
      expect.stringContaining('of digits@v2.1 '),
    ]);
    // The same bytes in a new version: they are read, and put where the damage was.
    workspace.write({ [weights]: model(1) });
    await project.commit({ message: 'as the first' });
    await project.rollback({ reference: 'digits@v1' });
    expect((await project.verify({ full: true })).problems).toHaveLength(1);
  });
});

test('damage is named by its chunks, and what can mend it', async () => {
  const workspace = await threeVersions();
  const packs = join(workspace.root, '.git/cairn/artifacts/packs');
  const last = readdirSync(packs)[0] as string;
  workspace.write({ [`.git/cairn/artifacts/packs/${last}`]: Buffer.alloc(10) });
  await workspace.use(async (project) => {
    const { problems } = await project.verify({ full: true });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ code: 'artifact-damaged' });
    expect(problems[0]?.message).toMatch(/^models\/digits\.safetensors .* of digits@v\d\.1 /);
    expect(problems[0]?.message).toMatch(/: \d of \d chunks \([0-9a-f]{12}…/);
  });
});

test('a store of whole files is taken into packs by the first writing verb', async () => {
  const workspace = await threeVersions();
  const store = join(workspace.root, '.git/cairn/artifacts');
  // As an older version of Cairn would have left it.
  renameSync(join(store, 'packs'), join(workspace.root, 'packs'));
  await workspace.use(async (project) => {
    for (const seed of [1, 2, 3]) {
      const { version } = await project.show({ reference: `digits@v${seed}` });
      const sha256 = version.files[0]?.sha256 ?? '';
      rmSync(join(store, 'recipes', sha256.slice(0, 2), sha256));
      mkdirSync(join(store, sha256.slice(0, 2)), { recursive: true });
      writeFileSync(join(store, sha256.slice(0, 2), sha256), model(seed), { mode: 0o444 });
    }
    expect(await project.verify({ full: true })).toMatchObject({ problems: [] });
    expect(existsSync(join(store, 'packs'))).toBe(false);
    await project.rollback({ reference: 'digits@v1' });
    expect(workspace.bytes(weights).equals(model(1))).toBe(true);
    expect(readdirSync(store).sort()).toEqual(['packs', 'recipes']);
    expect(await project.verify({ full: true })).toMatchObject({ problems: [] });
  });
});
