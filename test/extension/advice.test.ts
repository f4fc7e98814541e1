import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { Failure, type FailureCode, type FailureData } from '../../src/core/failure';
import { adviceFor } from '../../src/extension/advice';

const manifest = JSON.parse(
  readFileSync(path.join(import.meta.dirname, '../../package.json'), 'utf8'),
);

const samples: { readonly [C in FailureCode]?: FailureData[C] } = {
  'label-taken': { label: 'good', model: 'digits', version: 'digits@v3' },
  'disk-full': { path: 'a', needed: 2_000, free: null },
  'configuration-invalid': { path: 'cairn.yaml', problems: [{ line: 3, message: 'no such key' }] },
  'workspace-untrusted': { verb: 'committing' },
  'version-withdrawn': {
    version: 'digits@v3.1',
    at: '2026-11-21T10:00:00.000Z',
    by: 'Ada',
    last: true,
  },
  'ref-locked': {
    ref: 'refs/heads/cairn/digits',
    lock: '/digits/.git/refs/heads/cairn/digits.lock',
  },
  'git-failed': { command: 'git add', exitCode: 1, stderr: 'x'.repeat(5_000) },
};

test('a message is one line, ends as a sentence, and has at most two buttons', () => {
  for (const [code, data] of Object.entries(samples)) {
    const { message, buttons } = adviceFor(new Failure(code as FailureCode, data as never));
    expect(message, code).toMatch(/[.)"]$/);
    expect(message.length, code).toBeLessThan(400);
    expect(buttons.length, code).toBeLessThanOrEqual(2);
  }
});

test('buttons run commands that exist', () => {
  const own = new Set(
    manifest.contributes.commands.map(({ command }: { command: string }) => command),
  );
  for (const [code, data] of Object.entries(samples)) {
    for (const { command } of adviceFor(new Failure(code as FailureCode, data as never)).buttons) {
      if (/^cairn\.(?!versions\.focus)/.test(command)) expect(own, code).toContain(command);
    }
  }
});

test('a taken label offers the version that has it', () => {
  const failure = new Failure('label-taken', samples['label-taken']!);
  expect(adviceFor(failure).buttons[0]).toMatchObject({
    title: 'Update v3',
    arguments: ['digits@v3'],
  });
});
