import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { root as checkout } from '../../setup.mjs';
import { CommandLine } from './commandLine';

const cli = new CommandLine('running');
beforeAll(() => cli.ready());
afterAll(() => cli.close());

describe('cairn run', () => {
  test('records parameters, output, what was written, and ends as its command does', async () => {
    const { root } = await cli.project();
    const at = { directory: root };
    const script = 'echo hi; echo no >&2; printf x >> models/digits.safetensors; exit 3';
    const run = await cli.cairn(
      ['run', '--', 'sh', '-c', script, 'train', '--lr', '0.1', '--fast'],
      at,
    );
    expect(run).toMatchObject({ exit: 3, stderr: 'no\n' });
    expect(run.stdout).toMatch(/^hi\nRun \S+ ended with exit code 3. It wrote models\/digits/);
    const { runs } = JSON.parse((await cli.cairn(['runs', '--json'], at)).stdout);
    expect(runs).toMatchObject([
      {
        ...{ state: 'failed', source: 'command', model: 'digits', exitCode: 3, step: null },
        ...{ parameters: { lr: 0.1, fast: true }, changed: ['models/digits.safetensors'] },
      },
    ]);
    const inbox = join(
      root,
      '.git/cairn/inbox',
      readdirSync(join(root, '.git/cairn/inbox'))[0] ?? '',
    );
    expect(readFileSync(join(inbox, 'output.log'), 'utf8').split('\n').sort()).toEqual([
      '',
      'hi',
      'no',
    ]);
    expect((await cli.cairn(['runs', '--delete', runs[0].id], at)).exit).toBe(0);
    expect((await cli.cairn(['runs'], at)).stdout).toBe('No runs.\n');
  });

  test('finds what tools log anywhere, and ends as a shell where a signal ended it', async () => {
    const workspace = await cli.project();
    const at = { directory: workspace.root };
    const log = 'mkdir -p out/v1; printf "epoch,loss\\n0,2\\n1,1\\n" > out/v1/metrics.csv';
    const script = `${log}; printf "rate: 1\\n" > out/v1/hparams.yaml; kill -TERM $$`;
    expect((await cli.cairn(['run', '--', 'sh', '-c', script], at)).exit).toBe(143);
    const { runs } = JSON.parse((await cli.cairn(['runs', '--json'], at)).stdout);
    expect(runs).toMatchObject([{ metrics: { loss: 1 }, step: 1, state: 'failed' }]);
  });

  test('follows the files of curves that its command writes', async () => {
    const workspace = await cli.project();
    const at = { directory: workspace.root };
    workspace.write({ 'cairn.yaml': 'models:\n  digits:\n    curves: log.csv\n' });
    const script = 'printf "epoch,loss\\n0,2\\n1,1\\n" > log.csv';
    expect((await cli.cairn(['run', '--', 'sh', '-c', script], at)).exit).toBe(0);
    const { runs } = JSON.parse((await cli.cairn(['runs', '--json'], at)).stdout);
    expect(runs[0]).toMatchObject({ metrics: { loss: 1 }, step: 1, state: 'finished' });
  });

  test('makes a version of what ended well, with the code of its beginning', async () => {
    const workspace = await cli.project();
    const at = { directory: workspace.root };
    workspace.write({ 'train.py': 'LEARNING_RATE = 0.7\n' });
    const script = 'echo "LEARNING_RATE = 9" > train.py';
    const said = await cli.cairn(['run', '--json', '-m', 'wider', '--', 'sh', '-c', script], at);
    const { version, exitCode } = JSON.parse(said.stdout);
    expect(exitCode).toBe(0);
    expect(version).toMatchObject({ number: 2, description: 'wider', code: { as: 'start' } });
    expect(workspace.git('show', `${version.code.commit}:train.py`)).toBe('LEARNING_RATE = 0.7\n');
    const shown = await cli.cairn(['runs', '--show', version.run], at);
    expect(shown.stdout).toContain('Versions: digits@v2.1');
  });

  test('says what cannot be run, and what there is not', async () => {
    const { root } = await cli.project();
    const at = { directory: root };
    expect(await cli.cairn(['run', '--', 'no-such-command'], at)).toMatchObject({
      exit: 2,
      stdout: '',
    });
    expect((await cli.cairn(['run'], at)).exit).toBe(2);
    expect((await cli.cairn(['runs', '--show', 'nothing'], at)).exit).toBe(4);
    expect((await cli.cairn(['import'], at)).stdout).toBe(
      'Nothing was found that another tool left.\n',
    );
  });
});

const found = spawnSync('python3', ['-c', 'import sys; print(sys.executable)'], {
  encoding: 'utf8',
});
const python = found.status === 0 ? found.stdout.trim() : null;

describe.skipIf(python === null)('create_version of the Python module', () => {
  test('makes a version at once through the command, once for a label', async () => {
    const { root } = await cli.project();
    const create = (more: string) =>
      cli.run(
        python ?? '',
        [
          '-c',
          `import cairn\nprint(cairn.create_version("first-try", "models/digits.safetensors", ${more}))`,
        ],
        {
          directory: root,
          environment: { PYTHONPATH: join(checkout, 'python'), PYTHONDONTWRITEBYTECODE: '1' },
        },
      );
    const history = 'history_path="models/digits.safetensors", params={"lr": 0.5}';
    const first = await create(history);
    expect(first).toMatchObject({ exit: 0, stdout: 'digits@v2\n' });
    expect(first.stderr).toContain('is no training history (it is the model file)');
    const again = await create('params={"lr": 0.6}');
    expect(again.stdout).toBe('None\n');
    expect(again.stderr).toContain('update=True');
    expect((await create('params={"lr": 0.6}, update=True')).stdout).toBe('digits@v2\n');
    const shown = await cli.cairn(['show', 'digits@first-try', '--json'], { directory: root });
    expect(JSON.parse(shown.stdout).version).toMatchObject({
      ...{ number: 2, revision: 2, label: 'first-try' },
      parameters: { lr: 0.6 },
    });
  });
});
