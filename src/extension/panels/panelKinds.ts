import * as vscode from 'vscode';
import type { Reader } from '../../wire/readers';
import type { Desk } from '../desk';
import type { ProjectSession } from '../project/session';

/** A kind of panel: how it is opened, and brought back after a reload. */
export interface PanelKind<S extends { readonly root: string }> {
  readonly name: string;
  readonly readState: Reader<S>;
  open(desk: Desk, session: ProjectSession, state: S): void;
  restore(desk: Desk, session: ProjectSession, state: S, panel: vscode.WebviewPanel): void;
}

/** Lets VS Code bring panels of a kind back; one whose state or project is gone is closed. */
export function restorePanels<S extends { readonly root: string }>(
  desk: Desk,
  kind: PanelKind<S>,
): vscode.Disposable {
  return vscode.window.registerWebviewPanelSerializer(`cairn.${kind.name}`, {
    async deserializeWebviewPanel(panel, kept: unknown) {
      await desk.projects.find();
      const state = kind.readState(kept);
      const session = state === undefined ? null : desk.projects.at(state.root);
      if (state === undefined || session === null) panel.dispose();
      else kind.restore(desk, session, state, panel);
    },
  });
}
