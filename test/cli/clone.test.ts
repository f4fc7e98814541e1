import { cpSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Workspace } from '../operations/sandbox';
import { CommandLine } from './commandLine';

const cli = new CommandLine('clone');
beforeAll(() => cli.ready());
afterAll(() => cli.close());

test('a clone gets the versions, is told what is elsewhere, and takes it from a copied store', async () => {
  const origin = await cli.project();
  const run = async (words: string[], directory: string) => cli.cairn(words, { directory });
  const root = join(mkdtempSync(join(cli.directory, 'clone-')), 'digits');
  cli.git(cli.directory, 'clone', '-q', origin.root, root);
  const clone = new Workspace(cli, root);

  expect((await run(['init'], root)).stdout).toContain("1 version came in from Git's branches");
  expect((await run(['status'], root)).stdout).toMatch(
    /^digits: 1 version; the working files came from none of them\n/,
  );
  const sound = await run(['verify'], root);
  expect(sound.exit).toBe(0);
  expect(sound.stdout).toMatch(
    /not on this machine [\s\S]* {2}models\/digits\.safetensors of digits@v1\.1/,
  );
  const refused = await run(['rollback', 'digits@v1', '--json'], root);
  expect(refused.exit).toBe(6);
  expect(JSON.parse(refused.stderr).error).toMatchObject({
    code: 'artifact-missing',
    message: expect.stringContaining('its version came with Git'),
    hint: expect.stringContaining('Copy the folder "cairn/artifacts"'),
  });

  const store = (where: string) => join(where, '.git/cairn/artifacts');
  cpSync(store(origin.root), store(root), { recursive: true });
  expect((await run(['verify', '--full'], root)).stdout).not.toContain('not on this machine');
  expect(await run(['rollback', 'digits@v1'], root)).toMatchObject({ exit: 0 });
  expect(clone.bytes('models/digits.safetensors')).toEqual(
    origin.bytes('models/digits.safetensors'),
  );
});
