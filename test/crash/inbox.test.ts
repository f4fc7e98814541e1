import { describe, test } from 'vitest';
import { Failure } from '../../src/core/failure';
import type { Project } from '../../src/operations';
import { safetensors, type Workspace } from '../operations/sandbox';
import { CrashSite } from './crashSite';
import { failEverywhere, inTurns } from './everyCall';
import { twoVersions } from './journey';

const site = new CrashSite('inbox');

/** A run that ended and asked for a version, as training code leaves it. */
function leaveRun(workspace: Workspace): void {
  const place = '.git/cairn/inbox/r1';
  const at = 1_795_000_000_000;
  const entries = [
    { kind: 'start', at, model: 'digits', parameters: { lr: 0.5 }, pid: 1, host: 'elsewhere' },
    { kind: 'log', at, step: 1, values: { val_accuracy: 0.5 } },
    {
      ...{ kind: 'commit', at: at + 1, number: 1, message: 'asked for', label: 'asked' },
      files: [{ path: 'models/digits.safetensors', copy: 'files/1/digits.safetensors' }],
    },
    { kind: 'end', at: at + 2, state: 'finished' },
  ];
  const head = workspace.git('rev-parse', 'HEAD').trim();
  const code = { kind: 'code', at, head, branch: 'main', patch: false, files: [] };
  workspace.write({
    [`${place}/journal.jsonl`]: [...entries, code]
      .map((one) => `${JSON.stringify(one)}\n`)
      .join(''),
    [`${place}/files/1/digits.safetensors`]: safetensors(77),
  });
}

/** Where a lock is held it leaves what there is to the next one, and says that it took nothing. */
async function takeIn(project: Project): Promise<void> {
  const { versions } = await project.takeIn({});
  if (versions.length === 0) throw new Failure('lock-held', { path: '', waited: 0 });
}

describe('taking in what training left, failing at any of its calls', () => {
  test('with a version that was asked for', async () => {
    const template = await twoVersions(site);
    leaveRun(template);
    await failEverywhere(site, template, takeIn, inTurns);
  });
});
