import type { FilterCompletion } from '../../core/filterCompletion';

/** One thing to choose. */
export interface Choice<T> {
  readonly value: T;
  readonly label: string;
  readonly description?: string;
  readonly detail?: string;
  /** Ticked from the start, where several may be chosen. */
  readonly ticked?: boolean;
  /** A heading that stands above this and the following ones. */
  readonly heading?: string;
}

export interface Question {
  /** Which question it is, for those that answer without a screen. */
  readonly id: string;
  readonly title: string;
  readonly placeholder?: string;
}

export interface TextQuestion extends Question {
  readonly prompt?: string;
  readonly value?: string;
  /** Why a text will not do, or `null`. */
  readonly check?: (text: string) => string | null;
}

/** A text that is completed while it is typed. */
export interface CompletedQuestion extends TextQuestion {
  /** What taking a text does, in a few words. */
  readonly accept: (text: string) => string;
  /** What may come at the end of a text. */
  readonly complete: (text: string) => FilterCompletion;
  /** More is known to offer. */
  readonly onDidLearn: (listener: () => void) => { dispose(): void };
}

export interface FileQuestion {
  readonly id: string;
  readonly title: string;
  /** Where a person begins to look; an absolute path. */
  readonly folder?: string;
  /** Endings without their dot, by what they are called. */
  readonly kinds?: Readonly<Record<string, readonly string[]>>;
}

export interface NewFileQuestion extends FileQuestion {
  /** What the file is called unless a person says otherwise. */
  readonly name: string;
}

export interface Confirmation {
  readonly id: string;
  readonly message: string;
  readonly detail?: string;
  /** At most two; calling it off is always possible. */
  readonly actions: readonly string[];
}

export interface Notice {
  readonly id: string;
  readonly kind: 'information' | 'warning' | 'error';
  readonly message: string;
  readonly actions: readonly string[];
}

/**
 * Everything the extension asks a person. Commands ask through this and never through VS Code, so
 * that tests in the real host can answer. `undefined` is always: called off.
 */
export interface Prompts {
  pick<T>(question: Question, choices: readonly Choice<T>[]): Promise<T | undefined>;
  pickMany<T>(question: Question, choices: readonly Choice<T>[]): Promise<readonly T[] | undefined>;
  input(question: TextQuestion): Promise<string | undefined>;
  completed(question: CompletedQuestion): Promise<string | undefined>;
  /** An existing file, as an absolute path. */
  file(question: FileQuestion): Promise<string | undefined>;
  /** Where to write a file, as an absolute path; the person was asked about one that is there. */
  newFile(question: NewFileQuestion): Promise<string | undefined>;
  /** Asks before something goes on: the person must answer first. Gives the action's title. */
  confirm(confirmation: Confirmation): Promise<string | undefined>;
  /** Tells something that nothing waits for. Gives the action's title once one is chosen. */
  tell(notice: Notice): Promise<string | undefined>;
}
