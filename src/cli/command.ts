import { resolve } from 'node:path';
import type { Command as Commander, Option } from 'commander';
import { Failure } from '../core/failure';
import type { Activity } from '../core/progress';
import type { OpenOptions } from '../operations';
import type { Platform } from '../platform';
import type { Answer } from './output';

/** The options that stand anywhere. */
export interface Globals {
  readonly project?: string;
  readonly json: boolean;
  readonly quiet: boolean;
}

/** What a command works with. */
export interface Surroundings {
  readonly platform: Platform;
  /** Where the command runs, absolute: `--project`, else the working directory. */
  readonly directory: string;
  readonly open: OpenOptions;
  readonly activity: Activity;
  /** One JSON document is printed, and nothing beside it. */
  readonly json: boolean;
}

/** A parsed command line: what to do, and how to say it. */
export interface Command {
  readonly globals: Globals;
  readonly work: (surroundings: Surroundings) => Promise<Answer>;
}

/** Registers a verb: its syntax, its options, and the work made of what was parsed. */
export type Register = (
  syntax: string,
  description: string,
  options: readonly Option[],
  work: (
    surroundings: Surroundings,
    positional: readonly (string | undefined)[],
    options: Record<string, unknown>,
  ) => Promise<Answer>,
) => Commander;

/** Where and how a command runs. @throws Failure `usage` */
export async function surroundingsOf(
  platform: Platform,
  { project, json }: Globals,
  activity: Activity,
): Promise<Surroundings> {
  const directory = resolve(project ?? '.');
  if (project !== undefined) {
    const facts = await platform.disk.followedFacts(directory);
    if (facts?.kind !== 'directory')
      throw new Failure('usage', { what: `--project ${directory} is no directory` });
  }
  const real = (await platform.disk.realPath(directory)) ?? directory;
  return { platform, directory: real, open: openOptionsFrom(platform), activity, json };
}

/** `CAIRN_LOCK_TIMEOUT`: how many milliseconds to wait for another process. @throws Failure `usage` */
function openOptionsFrom({ environment }: Platform): OpenOptions {
  const text = environment.CAIRN_LOCK_TIMEOUT;
  if (text === undefined || text === '') return {};
  if (!/^\d{1,9}$/.test(text)) {
    throw new Failure('usage', {
      what: `CAIRN_LOCK_TIMEOUT is a number of milliseconds, not "${text}"`,
    });
  }
  return { lockMilliseconds: Number(text) };
}
