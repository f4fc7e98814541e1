import type * as vscode from 'vscode';
import type { Platform } from '../platform';
import type { Prompts } from './asking/prompts';
import type { EngineClient } from './project/engineClient';
import type { Projects } from './project/projects';
import type { Reporter } from './reporter';

/** What every command and view of the extension has at hand. */
export interface Desk {
  readonly context: vscode.ExtensionContext;
  readonly platform: Platform;
  readonly engine: EngineClient;
  readonly projects: Projects;
  readonly reporter: Reporter;
  readonly log: vscode.LogOutputChannel;
  /** Asked each time: tests put others in their place. */
  readonly prompts: () => Prompts;
}
