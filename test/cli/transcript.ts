import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { version } from '../../package.json';
import type { Workspace } from '../operations/sandbox';
import type { CommandLine, Said } from './commandLine';

/**
 * A transcript is its own script: what follows `$ ` is run in a shell, what stands below it is what
 * was said, with `! ` before what went to standard error and `[exit N]` when it was not 0.
 * `train SEED ACCURACY` stands for a training. CAIRN_TRANSCRIPTS=update writes what is said now.
 */
export async function expectTranscript(
  cli: CommandLine,
  workspace: Workspace,
  name: string,
): Promise<void> {
  const file = join(import.meta.dirname, 'transcripts', `${name}.txt`);
  const written = readFileSync(file, 'utf8');
  const said: string[] = [];
  for (const part of partsOf(written)) {
    if (!part.startsWith('$ ')) said.push(part);
    else said.push(`${part}\n${await answer(cli, workspace, part.slice(2))}`);
  }
  const now = said.map((part) => `${part.trimEnd()}\n`).join('\n');
  if (process.env.CAIRN_TRANSCRIPTS === 'update') writeFileSync(file, now);
  else expect(now).toBe(written);
}

/** Comments as they stand, and the commands without what was said. */
function partsOf(text: string): string[] {
  const parts: string[] = [];
  for (const line of text.split('\n')) {
    if (line.startsWith('$ ')) parts.push(line);
    else if (line.startsWith('# ')) {
      const last = parts.at(-1);
      if (last?.startsWith('# ')) parts[parts.length - 1] = `${last}\n${line}`;
      else parts.push(line);
    }
  }
  return parts;
}

async function answer(cli: CommandLine, workspace: Workspace, line: string): Promise<string> {
  const training = /^train (\d+) (\S+)$/.exec(line);
  if (training !== null) {
    const [, seed = '', accuracy = ''] = training;
    workspace.train(Number(seed), Number.isNaN(Number(accuracy)) ? accuracy : Number(accuracy));
    return '';
  }
  return normalized(await cli.shell(line, { directory: workspace.root }), workspace.root);
}

/** Ids, times, paths and digests differ from run to run; widths stay, so that tables stay tables. */
function normalized({ exit, stdout, stderr }: Said, root: string): string {
  const errors = stderr.replace(/^(?=.)/gm, '! ');
  const text = `${stdout}${errors}${exit === 0 ? '' : `[exit ${exit}]\n`}`;
  return text
    .replaceAll(root, '/project')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>')
    .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d/g, 'yyyy-mm-dd hh:mm')
    .replaceAll(/\b[0-9a-f]{64}\b/g, '<sha256>')
    .replaceAll(/\b[0-9a-f]{40}\b/g, '<commit>')
    .replaceAll(/\b[0-9a-f]{12}\b/g, '<12 digits>')
    .replaceAll(/[\d.]+ .?B are free/g, '<bytes> are free')
    .replaceAll(`${process.platform}-${process.arch}`, '<platform>')
    .replaceAll(new RegExp(`(?<=^|")${version.replaceAll('.', '\\.')}(?=$|")`, 'gm'), '<version>');
}
