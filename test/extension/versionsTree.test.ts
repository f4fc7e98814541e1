import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rowOf, type VersionsNode } from '../../src/extension/tree/versionNodes';
import { listingRequest, pageSize, VersionsTree } from '../../src/extension/tree/versionsTree';
import { openHistory } from '../../src/history';
import { initializeProject, openProject, type Project } from '../../src/operations';
import { nodePlatform } from '../../src/platform';
import { record } from './records';

const versions = 2 * pageSize + 30;
let folder: string;
let project: Project;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'cairn-tree-'));
  execFileSync('git', ['init', '-q', '-b', 'main'], { cwd: folder });
  const platform = nodePlatform();
  await initializeProject(platform, folder);
  project = await openProject(platform, folder);
  await fill(project.home);
});
afterAll(async () => {
  await project.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Puts many versions into the history: each a little better than the one before, and a backup. */
async function fill(home: string): Promise<void> {
  const history = await openHistory(nodePlatform(), home);
  const lock = await history.lock();
  try {
    history.transaction((writer) => {
      writer.addModel('digits');
      writer.setPrimary('digits', { metric: 'val_accuracy', better: 'higher' });
      for (let number = 1; number <= versions; number++) {
        writer.addRecord({
          record: record({
            number,
            parent: number === 1 ? null : `digits@v${number - 1}.1`,
            description: number === 7 ? 'augmentation' : `try ${number}`,
            metrics: { val_accuracy: number / 1_000 },
            files: [],
          }),
          curves: [],
        });
      }
      writer.addRecord({ record: record({ kind: 'backup', number: 1, files: [] }), curves: [] });
    });
  } finally {
    lock.release();
    history.close();
  }
}

function plant(filter = '', sort: string | null = null): VersionsTree {
  const source = { project, overview: async () => (await project.overview()).models, statuses: [] };
  return new VersionsTree(source, { filter, sort });
}

async function modelRows(tree: VersionsTree): Promise<VersionsNode[]> {
  const models = await tree.children();
  const digits = models.find((node) => node.kind === 'model' && node.model.name === 'digits');
  return tree.children(digits);
}

const titles = (nodes: readonly VersionsNode[]) => nodes.map((node) => rowOf(node, 0).label);

test('a page is shown, then more of it, and the backups at the end', async () => {
  const tree = plant();
  const first = await modelRows(tree);
  expect(first).toHaveLength(pageSize + 2);
  expect(titles(first.slice(0, 1))).toEqual([`v${versions}  try ${versions}`]);
  expect(titles(first.slice(-2))).toEqual(['Show more', 'Backups']);
  expect(rowOf(first.at(-2)!, 0).description).toBe(`${pageSize} of ${versions}`);
  tree.showMore('digits', false);
  tree.showMore('digits', false);
  const all = await modelRows(tree);
  expect(all).toHaveLength(versions + 1);
  expect(titles(all.slice(-2))).toEqual(['v1  try 1', 'Backups']);
  expect(titles(await tree.children(all.at(-1)))).toHaveLength(1);
});

test('each version is told against its parent, also where that is on the next page', async () => {
  const nodes = await modelRows(plant());
  const last = nodes[pageSize - 1];
  if (last?.kind !== 'version') throw new Error('the page ends with a version');
  expect(last.parent?.number).toBe(last.record.number - 1);
  expect(rowOf(last, 0).description).toMatch(/▲ 0\.001 better/);
});

test('a filter finds words and conditions, counts what it found, and hides the backups', async () => {
  const words = plant('augmentation');
  expect(titles(await modelRows(words))).toEqual(['v7  augmentation']);
  expect(words.matches.get('digits')).toBe(1);
  const condition = plant('val_accuracy > 0.42', 'val_accuracy');
  const found = await modelRows(condition);
  expect(titles(found.slice(0, 1))).toEqual(['v421  try 421']);
  expect(condition.matches.get('digits')).toBe(versions - 420);
});

test('a comparison sign makes a condition of a filter', () => {
  expect(listingRequest({ filter: ' fix ', sort: null })).toEqual({ text: 'fix' });
  expect(listingRequest({ filter: 'lr<=0.1', sort: '-f1' })).toEqual({
    where: 'lr<=0.1',
    sort: '-f1',
  });
  expect(listingRequest({ filter: '', sort: null })).toEqual({});
});
