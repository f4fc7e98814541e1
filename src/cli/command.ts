import type { Command as Commander, Option } from 'commander';
import type { Activity } from '../core/progress';
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
  /** Where the command runs: `--project`, else the working directory. */
  readonly directory: string;
  readonly activity: Activity;
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
