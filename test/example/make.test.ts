import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const example = new URL('../../examples/digits/', import.meta.url);
/** The example is plain JavaScript, so its modules come without types. */
const load = (name: string) => import(new URL(`making/${name}`, example).href);
const { claim, readMarker, writeMarker } = await load('target.mjs');
const { editAssignments, describeData } = await load('edits.mjs');
const { versions } = await load('versions.mjs');

const root = mkdtempSync(join(tmpdir(), 'cairn-make-'));
let folder = '';
let count = 0;
beforeEach(() => {
  folder = join(root, `${++count}`);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('claiming the folder for the example', () => {
  const markerPath = () => join(folder, '.git', 'cairn-example.json');

  it('creates a folder that is not there and marks it as unfinished', () => {
    claim(join(folder, 'deep', 'target'));
    expect(readMarker(join(folder, 'deep', 'target'))).toMatchObject({ state: 'making' });
  });

  it('takes an empty folder, and one where a making died before its marker', () => {
    mkdirSync(join(folder, '.git'), { recursive: true });
    claim(folder);
    expect(readMarker(folder)).toMatchObject({ state: 'making' });
  });

  it.each([
    ['a file of the person', ['notes.txt']],
    ['a repository of the person', ['.git/HEAD', 'train.py']],
    ['a marker of something else', ['.git/cairn-example.json']],
  ])('refuses and keeps %s', (_, files) => {
    for (const file of files) {
      mkdirSync(join(folder, file, '..'), { recursive: true });
      writeFileSync(join(folder, file), '{"mine": true}');
    }
    expect(() => claim(folder)).toThrow(/did not make what is in it/);
    for (const file of files) {
      expect(readFileSync(join(folder, file), 'utf8')).toBe('{"mine": true}');
    }
  });

  it('refuses a path that is a file', () => {
    writeFileSync(folder, 'text');
    expect(() => claim(folder)).toThrow(/is a file/);
  });

  it('clears what an interrupted making left, down to the marker', () => {
    claim(folder);
    cpSync(fileURLToPath(new URL('data', example)), join(folder, 'data'), { recursive: true });
    mkdirSync(join(folder, '.git', 'cairn'));
    writeFileSync(join(folder, '.git', 'HEAD'), 'ref: refs/heads/main');
    claim(folder);
    expect(readdirSync(folder)).toEqual(['.git']);
    expect(readdirSync(join(folder, '.git'))).toEqual(['cairn-example.json']);
  });

  it('refuses to clear an unfinished project that holds anything else', () => {
    claim(folder);
    writeFileSync(join(folder, 'train.py'), '');
    writeFileSync(join(folder, 'thesis.tex'), '');
    expect(() => claim(folder)).toThrow(/also holds thesis\.tex/);
    expect(existsSync(join(folder, 'train.py'))).toBe(true);
  });

  it('keeps out of a folder that another living process is making', () => {
    claim(folder);
    const marker = { ...readMarker(folder), pid: process.ppid };
    writeFileSync(markerPath(), JSON.stringify(marker));
    expect(() => claim(folder)).toThrow(`Process ${process.ppid} is making`);
    writeFileSync(markerPath(), JSON.stringify({ ...marker, at: Date.now() - 3_600_000 }));
    claim(folder);
    expect(readMarker(folder).pid).toBe(process.pid);
  });

  it('remembers what a finished project holds', () => {
    claim(folder);
    writeMarker(folder, { state: 'complete', versions: 6, head: 'abc' });
    expect(readMarker(folder)).toMatchObject({ state: 'complete', versions: 6, head: 'abc' });
  });
});

describe('the edits between versions', () => {
  it('each change train.py, and only in the assignments that they name', () => {
    mkdirSync(folder);
    const path = join(folder, 'train.py');
    cpSync(fileURLToPath(new URL('train.py', example)), path);
    for (const { edits, message } of versions) {
      const before = readFileSync(path, 'utf8').split('\n');
      editAssignments(path, edits);
      const after = readFileSync(path, 'utf8').split('\n');
      const changed = after.filter((line, index) => line !== before[index]);
      const wanted = Object.entries(edits).map(([name, literal]) => `${name} = ${literal}`);
      expect(changed.sort(), message).toEqual(wanted.sort());
    }
  });

  it('refuse a name that train.py does not assign', () => {
    writeFileSync(folder, 'EPOCHS = 1\n');
    expect(() => editAssignments(folder, { EPOCH: '2' })).toThrow(/EPOCH exactly once/);
  });

  it.each([
    ['names none', ''],
    ['names it only', '    datasets:\n      - path: data/digits.csv\n'],
  ])(
    'declare the data set in a cairn.yaml that %s, then say anew how it is handled',
    (_, found) => {
      const artifacts = '    # Model files.\n    artifacts:\n      - models/digits.safetensors\n';
      writeFileSync(folder, `# Kept.\nmodels:\n  digits:\n${artifacts}${found}`);
      describeData(folder, 'raw pixels, 0 to 16');
      describeData(folder, 'pixels divided by 16; "scaled"');
      expect(readFileSync(folder, 'utf8')).toContain('# Model files.');
      expect(parse(readFileSync(folder, 'utf8')).models.digits).toEqual({
        artifacts: ['models/digits.safetensors'],
        datasets: [
          {
            path: 'data/digits.csv',
            source: 'UCI Machine Learning Repository, https://doi.org/10.24432/C50P49',
            preprocessing: 'pixels divided by 16; "scaled"',
          },
        ],
      });
    },
  );

  it('say what is wrong with a cairn.yaml that does not know the model', () => {
    writeFileSync(folder, 'models:\n  net: {}\n');
    expect(() => describeData(folder, 'raw')).toThrow(/does not name the model digits/);
  });
});
