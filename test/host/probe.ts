import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type {
  Choice,
  CompletedQuestion,
  Confirmation,
  Notice,
  Prompts,
} from '../../src/extension/asking/prompts';
import type { Probe } from '../../src/extension/main';
import type { VersionsNode } from '../../src/extension/tree/versionNodes';

/** The running extension, with what it lets tests get hold of. */
export async function probe(): Promise<Probe> {
  const extension = vscode.extensions.getExtension<Probe>('cairn.cairn');
  assert.ok(extension, 'VS Code does not know the extension');
  return extension.activate();
}

/** The folder that the window shows. */
export function workspaceFolder(): string {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder, 'the window shows no folder');
  return folder.uri.fsPath;
}

/** A project that must be open. */
export async function openProject() {
  const { desk } = await probe();
  await desk.projects.find();
  const session = desk.projects.active;
  assert.ok(session, 'no project is open');
  return session;
}

/** Answers questions by their id; an unexpected one fails the test that caused it. */
export class Script implements Prompts {
  readonly asked: string[] = [];
  readonly told: Notice[] = [];

  constructor(private readonly answers: Readonly<Record<string, unknown>> = {}) {}

  pick<T>({ id }: { id: string }, choices: readonly Choice<T>[]): Promise<T | undefined> {
    const wanted = this.answer(id) as (value: T) => boolean;
    return Promise.resolve(choices.find(({ value }) => wanted(value))?.value);
  }

  pickMany<T>({ id }: { id: string }, choices: readonly Choice<T>[]): Promise<T[] | undefined> {
    const wanted = this.answer(id) as (value: T) => boolean;
    return Promise.resolve(choices.map(({ value }) => value).filter((value) => wanted(value)));
  }

  input({ id }: { id: string }): Promise<string | undefined> {
    return Promise.resolve(this.answer(id) as string | undefined);
  }

  completed(question: CompletedQuestion): Promise<string | undefined> {
    return this.input(question);
  }

  file({ id }: { id: string }): Promise<string | undefined> {
    return Promise.resolve(this.answer(id) as string | undefined);
  }

  newFile({ id }: { id: string }): Promise<string | undefined> {
    return Promise.resolve(this.answer(id) as string | undefined);
  }

  confirm({ id }: Confirmation): Promise<string | undefined> {
    return Promise.resolve(this.answer(id) as string | undefined);
  }

  tell(notice: Notice): Promise<string | undefined> {
    this.told.push(notice);
    return Promise.resolve(this.answers[notice.id] as string | undefined);
  }

  private answer(id: string): unknown {
    this.asked.push(id);
    if (!(id in this.answers)) throw new Error(`nobody expected the question "${id}"`);
    return this.answers[id];
  }
}

/** Waits until `look` gives something, looking every few milliseconds. */
export async function eventually<T>(
  what: string,
  look: () => T | undefined | null | false | Promise<T | undefined | null | false>,
  milliseconds = 30_000,
): Promise<T> {
  const end = Date.now() + milliseconds;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== null && found !== false) return found;
    if (Date.now() > end) throw new Error(`${what}: not within ${milliseconds} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** The rows below the only model, as the Versions view has them. */
export async function versionNodes(): Promise<VersionsNode[]> {
  const { versions } = await probe();
  const [model] = await versions.getChildren();
  return model === undefined ? [] : versions.getChildren(model);
}

/** The labels below the only model. */
export async function versionLabels(): Promise<string[]> {
  const { versions } = await probe();
  return (await versionNodes()).map((node) => String(versions.getTreeItem(node).label));
}
