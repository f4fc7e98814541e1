import type { ParameterValue } from './parameters';
import type { Direction, JsonNumber, PrimaryMetric, VersionRecord } from './version';

/** Longer source is generated, not written by hand, and holds no hyperparameters. */
export const longestSource = 2 * 1024 * 1024;

/** A file of a project as an editor has it, saved or not. */
export interface TextsAsked {
  /** Relative to the worktree's top, with forward slashes. */
  readonly path: string;
  /** The file's text; of a notebook the texts of its code cells. */
  readonly texts: readonly string[];
}

/** A part of one of the texts, as string offsets: only what is in sight is worked out. */
export interface TextPart {
  readonly text: number;
  readonly from: number;
  readonly to: number;
}

/** One value that a parameter had. */
export interface PastValue {
  readonly value: ParameterValue;
  /** The newest version that had it, with its revision. */
  readonly version: string;
  /** That version's primary metric; `null` where it has none, or one of older weights. */
  readonly metric: JsonNumber | null;
  /** How many other things changed when the value was set. */
  readonly others: number;
}

/** A parameter that stands in a text, and what it was before. */
export interface InlineParameter {
  /** Its dotted path. */
  readonly path: string;
  /** Which of the texts, and where in it the literal is, as string offsets. */
  readonly text: number;
  readonly start: number;
  readonly end: number;
  /** As the text has it. */
  readonly value: ParameterValue;
  /** As the current version has it; left out where that version does not have it. */
  readonly current?: ParameterValue;
  /** Distinct values, newest first: at most five. */
  readonly past: readonly PastValue[];
}

/** What is told beside the lines of a file that belongs to a model. */
export interface InlineValues {
  readonly model: string;
  /** The name of the metric that the model is judged by. */
  readonly metric: string | null;
  /** The current version, with its revision. */
  readonly current: string | null;
  /** Those that have something to tell. */
  readonly parameters: readonly InlineParameter[];
  /** How many versions were read, the newest ones, while the others are; `null` when all were. */
  readonly reading: { readonly done: number; readonly total: number } | null;
  /** Where the training begins, when the file looks like one that trains. */
  readonly entryPoint: { readonly text: number; readonly start: number } | null;
}

/** One row of a parameter's table. */
export interface ValueRow {
  readonly value: ParameterValue;
  /** The value as this file writes it, in the style of the literal that stands there. */
  readonly written: string;
  /** The versions that had it, newest first, with their revisions. */
  readonly versions: readonly string[];
  /** The best primary metric among them, and whose it is. */
  readonly metric: JsonNumber | null;
  readonly at: string;
  /** What else changed when it was last set: parameters, data, code. */
  readonly others: readonly string[];
}

/** Everything about one parameter. */
export interface ParameterDetail {
  readonly model: string;
  readonly metric: string | null;
  readonly better: Direction | null;
  readonly current: string | null;
  readonly path: string;
  readonly text: number;
  readonly start: number;
  readonly end: number;
  readonly value: ParameterValue;
  /** Best first; where no metric judges, newest first. */
  readonly rows: readonly ValueRow[];
  /** A value and the metric that came out, one for each version that has both, oldest first. */
  readonly points: readonly (readonly [ParameterValue, JsonNumber])[];
}

/** Some lines of one of the texts; from 1, both included. */
export interface LinesAsked extends TextsAsked {
  readonly text: number;
  readonly from: number;
  readonly to: number;
}

/** A version that changed some lines of a file. */
export interface LineVersion {
  readonly record: VersionRecord;
  /** The one before it on the model's branch; `null` for the first. */
  readonly previous: VersionRecord | null;
  readonly path: string;
  /** What the file was called before; `null` where there was none. */
  readonly pathBefore: string | null;
  /** Where the lines are in this version, and how many; from 1. */
  readonly from: number;
  readonly count: number;
}

/** The versions that changed some lines, newest first. */
export interface LineHistory {
  readonly model: string;
  readonly primary: PrimaryMetric | null;
  readonly versions: readonly LineVersion[];
}
