import { readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CommandLine } from '../cli/commandLine';
import { expectRefusal, leavingEverything } from '../cli/refusal';

const cli = new CommandLine('huge');
beforeAll(() => cli.ready());
afterAll(() => cli.close());

const bytes = 5_000_000_000;
const memoryLimit = 300 * 1024 * 1024;

/** Writes the most memory that the process ever had, in KiB, when it ends. */
const watcher = `process.on('exit', () =>
  require('node:fs').writeFileSync(process.env.PEAK, String(process.resourceUsage().maxRSS)));`;

test('a model file of 5 GB is asked about, then stored in bounded memory and as sparse as it was', async () => {
  const workspace = await cli.project();
  const directory = workspace.root;
  const huge = join(directory, 'huge.bin');
  writeFileSync(huge, '');
  truncateSync(huge, bytes);
  const commit = ['commit', 'huge', '-m', 'x', '--file', 'huge.bin', '--json'];
  const asked = await leavingEverything(workspace, () =>
    cli.cairn(commit.slice(0, -1), { directory }),
  );
  expectRefusal(
    { ...asked, stderr: asked.stderr.replace(/of the .+ that/, 'of the space that') },
    ...([5, 'The first version would store 5 GB of the space that are free.'] as const),
    'Repeat the command with --yes, or choose files with --file.',
  );

  const peak = join(cli.directory, 'peak');
  const preload = join(cli.directory, 'peak.cjs');
  writeFileSync(preload, watcher);
  const said = await cli.run(process.execPath, ['-r', preload, cli.file, ...commit, '--yes'], {
    directory,
    environment: { PEAK: peak },
  });
  expect(said).toMatchObject({ exit: 0, stderr: '' });
  const [file] = JSON.parse(said.stdout).version.files;
  expect(file).toMatchObject({ path: 'huge.bin', size: bytes });
  expect(Number(readFileSync(peak, 'utf8')) * 1024).toBeLessThan(memoryLimit);
  const store = join(directory, '.git/cairn/artifacts');
  const stored = readdirSync(store, { recursive: true, encoding: 'utf8' })
    .map((name) => statSync(join(store, name)))
    .reduce((sum, { blocks }) => sum + blocks * 512, 0);
  expect(stored).toBeLessThan(1024 * 1024);
});
