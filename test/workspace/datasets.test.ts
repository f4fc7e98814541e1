import { createHash } from 'node:crypto';
import { appendFile, truncate, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { FileFacts } from '../../src/platform';
import { type DatasetOptions, describeDataset } from '../../src/workspace';
import { type Content, fill, platform, projectFolder, removeFolders } from './projectFolder';

afterAll(removeFolders);

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const describeIn = (root: string, path: string, options: DatasetOptions = {}) =>
  describeDataset(platform, root, { path }, options);
const digestIn = async (root: string, path: string, options: DatasetOptions = {}) =>
  (await describeIn(root, path, options)).record?.digest;

const dvc = (out: string) => `outs:\n- ${out}\n`;

describe('datasets', () => {
  it('digests the bytes of a file, and says what the configuration says', async () => {
    const root = await projectFolder({ 'data/digits.csv.gz': 'abc' });
    const dataset = { path: './data/digits.csv.gz', source: 'UCI', preprocessing: 'none' };
    expect(await describeDataset(platform, root, dataset)).toEqual({
      record: {
        name: 'digits',
        path: 'data/digits.csv.gz',
        size: 3,
        files: 1,
        digest: { kind: 'sha256', value: sha256('abc') },
        source: 'UCI',
        preprocessing: 'none',
      },
      warnings: [],
    });
  });

  it('digests a directory as sha256sum would', async () => {
    const root = await projectFolder({
      'd/b': 'two',
      'd/a/z': 'one',
      'd/B': 'three',
      'd/.DS_Store': 'x',
    });
    const lines = [`${sha256('three')}  B`, `${sha256('one')}  a/z`, `${sha256('two')}  b`];
    expect((await describeIn(root, 'd/')).record).toMatchObject({
      name: 'd',
      path: 'd',
      size: 11,
      files: 3,
      digest: { kind: 'sha256', value: sha256(`${lines.join('\n')}\n`) },
    });
  });

  it('does not tell the forms of a letter apart', async () => {
    const [one, other] = [
      await projectFolder({ 'd/\u00e9': 'x' }),
      await projectFolder({ 'd/e\u0301': 'x' }),
    ];
    expect(await digestIn(one, 'd')).toEqual(await digestIn(other, 'd'));
  });

  it('digests a listing beyond the limits, unless all is wanted', async () => {
    const root = await projectFolder({ 'd/a': 'one', 'd/b': 'two', f: 'x'.repeat(20) });
    const few = { limits: { bytes: 1000, files: 1 } };
    const small = { limits: { bytes: 10, files: 10 } };
    const listing = await digestIn(root, 'd', few);
    expect([listing?.kind, (await digestIn(root, 'f', small))?.kind]).toEqual([
      'listing',
      'listing',
    ]);
    expect(await digestIn(root, 'd', few)).toEqual(listing);
    expect(await digestIn(root, 'd', { ...few, full: true })).toEqual(await digestIn(root, 'd'));
    await utimes(join(root, 'd/b'), 1, 1);
    expect(await digestIn(root, 'd', few)).not.toEqual(listing);
  });

  it('does not read a file of 5 GB', async () => {
    const root = await projectFolder({ big: '' });
    await truncate(join(root, 'big'), 5 * 1024 ** 3);
    expect((await describeIn(root, 'big')).record).toMatchObject({
      size: 5 * 1024 ** 3,
      digest: { kind: 'listing' },
    });
  });

  it('warns of data that is not here, and goes on', async () => {
    const root = await projectFolder({ dangling: { link: 'nowhere' } });
    for (const path of ['none.csv', 'dangling']) {
      expect(await describeIn(root, path)).toMatchObject({
        record: null,
        warnings: [{ code: 'dataset-missing', path }],
      });
    }
  });

  it('takes data from anywhere it is declared, through links, without going round', async () => {
    const scratch = await projectFolder({ 'x.csv': 'abc', 'sub/y': 'y' });
    const root = await projectFolder({
      'data/disk': { link: scratch },
      'data/self': { link: '.' },
      'data/sub/up': { link: '../..' },
      'data/f.csv': 'f',
    });
    expect((await describeIn(root, join(scratch, 'x.csv'))).record?.path).toBe(
      join(scratch, 'x.csv'),
    );
    expect((await describeIn(root, 'data/disk')).record).toMatchObject({ files: 2, name: 'disk' });
    // The root above is another directory than `data`, and holds `data`, which was seen.
    expect((await describeIn(root, 'data')).record).toMatchObject({ files: 3, size: 5 });
    const outside = await describeIn(root, '../somewhere');
    expect(outside.warnings[0]?.path).toBe('../somewhere');
  });

  it('reads nothing again that it knows', async () => {
    const root = await projectFolder({ 'd/a': 'one', 'd/b': 'two' });
    const known = new Map<string, { facts: FileFacts; sha256: string }>();
    const noted: string[] = [];
    const memory = {
      recall: (path: string, facts: FileFacts) =>
        known.get(path)?.facts.modified === facts.modified
          ? (known.get(path)?.sha256 ?? null)
          : null,
      note: (path: string, facts: FileFacts, digest: string) => {
        noted.push(path);
        known.set(path, { facts, sha256: digest });
      },
    };
    const first = await digestIn(root, 'd', { memory });
    expect(noted.splice(0).sort()).toEqual(['d/a', 'd/b']);
    expect(await digestIn(root, 'd', { memory })).toEqual(first);
    expect(noted).toEqual([]);
    await appendFile(join(root, 'd/a'), '!');
    expect(await digestIn(root, 'd', { memory })).not.toEqual(first);
    expect(noted).toEqual(['d/a']);
  });

  it('lists what is written while it is read', async () => {
    const root = await projectFolder({ 'log.csv': 'a,b\n' });
    const growing = {
      ...platform,
      disk: {
        ...platform.disk,
        openRead: async (path: string) => {
          await appendFile(path, '1,2\n');
          return platform.disk.openRead(path);
        },
      },
    };
    expect(await describeDataset(growing, root, { path: 'log.csv' })).toMatchObject({
      record: { digest: { kind: 'listing' } },
      warnings: [{ code: 'dataset-changed' }],
    });
  });

  it('can be called off, and tells how far it is', async () => {
    const root = await projectFolder({ 'd/a': 'one', 'd/b': 'two' });
    const signal = AbortSignal.abort();
    await expect(describeIn(root, 'd', { activity: { signal } })).rejects.toThrow('cancelled');
    const seen: number[] = [];
    await describeIn(root, 'd', { activity: { progress: ({ done }) => seen.push(done) } });
    expect(seen.at(-1)).toBe(6);
  });
});

describe('data that DVC tracks', () => {
  const describeWith = async (
    files: Record<string, Content>,
    path = 'd',
    options: DatasetOptions = {},
  ) => {
    const root = await projectFolder();
    await fill(root, files);
    return describeIn(root, path, options);
  };
  const directory = dvc('md5: abc.dir\n  size: 6\n  nfiles: 2\n  path: d');

  it('goes by DVC’s digest, with the data and without', async () => {
    const digest = { kind: 'dvc', value: 'abc.dir' };
    const there = await describeWith({ 'd.dvc': directory, 'd/a': 'one', 'd/b': 'two' });
    expect(there).toMatchObject({ record: { size: 6, files: 2, digest }, warnings: [] });
    const absent = await describeWith({ 'd.dvc': directory });
    expect(absent).toMatchObject({
      record: { name: 'd', size: 6, files: 2, digest },
      warnings: [],
    });
  });

  it('looks itself where the data is another, or all is to be read', async () => {
    const other = await describeWith({ 'd.dvc': directory, 'd/a': 'one', 'd/b': 'three' });
    expect(other).toMatchObject({
      record: { digest: { kind: 'sha256' } },
      warnings: [{ code: 'dataset-differs' }],
    });
    const full = await describeWith({ 'd.dvc': directory, 'd/a': 'one', 'd/b': 'two' }, 'd', {
      full: true,
    });
    expect(full).toMatchObject({ record: { digest: { kind: 'sha256' } }, warnings: [] });
    const file = await describeWith({ 'd.dvc': dvc('md5: ff\n  size: 9'), d: 'one' });
    expect(file.warnings[0]?.code).toBe('dataset-differs');
  });

  it.each([
    ['no digest', dvc('path: d')],
    ['no YAML', '{{{'],
    ['no mapping', '- 1'],
    ['nested without end', '['.repeat(5000)],
    ['too large', 'x'.repeat(100_000)],
    ['aliases without end', `a: &a [1]\nb: &b [${'*a,'.repeat(20)}]\nouts: [${'*b,'.repeat(20)}]`],
  ])('is not misled by a .dvc file with %s', async (_, text) => {
    const found = await describeWith({ 'd.dvc': text, d: 'one' });
    expect(found).toMatchObject({
      record: { digest: { kind: 'sha256', value: sha256('one') } },
      warnings: [{ code: 'dvc-unreadable' }],
    });
  });
});
