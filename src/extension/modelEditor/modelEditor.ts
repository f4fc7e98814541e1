import * as vscode from 'vscode';
import { Failure } from '../../core/failure';
import type { FileScan } from '../../core/scan';
import type { TensorHistogram } from '../../core/tensorHistogram';
import type { Inspection } from '../../operations';
import { type ModelContract, type ModelEvents, modelReaders } from '../../wire/modelPanel';
import type { Desk } from '../desk';
import { PanelHost } from '../panels/panelHost';
import { histogramView, modelView, tensorPage } from './modelView';

/** What the engine tells of a model file. */
export interface Looked {
  readonly inspection: Inspection;
  readonly scan: FileScan;
}

/** Has the engine read and scan a model file, in a project or not. */
export function lookAtModel(desk: Desk, path: string): Promise<Looked> {
  return desk.engine.ask({ kind: 'look', path }) as Promise<Looked>;
}

/**
 * Shows model files, read-only: what a scan found, layers, metadata, tensors, how their values are
 * spread. The engine reads; nothing of a file is executed, and it works without a project.
 */
class ModelEditor implements vscode.CustomReadonlyEditorProvider {
  constructor(private readonly desk: Desk) {}

  openCustomDocument(uri: vscode.Uri): vscode.CustomDocument {
    return { uri, dispose: () => undefined };
  }

  resolveCustomEditor({ uri }: vscode.CustomDocument, panel: vscode.WebviewPanel): void {
    const path = uri.fsPath;
    // Git's and other extensions' documents are no files on a disk, which is what the engine reads.
    const onDisk = uri.scheme === 'file';
    let looked: Promise<Looked> | null = null;
    const look = (): Promise<Looked> => {
      const asked = looked ?? lookAtModel(this.desk, path);
      looked = asked;
      return asked;
    };
    const host = new PanelHost<ModelContract, ModelEvents>(this.desk, panel, {
      name: 'model',
      title: path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1),
      state: { path },
      readers: modelReaders,
      answers: {
        load: async () => {
          looked = null;
          if (!onDisk) throw new Failure('unreadable', { path, why: 'it is no file on a disk' });
          const { inspection, scan } = await look();
          return modelView(inspection, scan);
        },
        tensors: async ({ search, from }) =>
          tensorPage((await look()).inspection.tensors, search, from),
        histogram: async ({ tensor }) =>
          histogramView(
            (await this.desk.engine.ask({
              kind: 'histogram',
              path,
              tensor,
            })) as TensorHistogram | null,
          ),
      },
    });
    const folder = vscode.Uri.joinPath(uri, '..');
    const name = uri.path.slice(uri.path.lastIndexOf('/') + 1);
    const watcher = vscode.workspace.createFileSystemWatcher(
      new vscode.RelativePattern(folder, name),
    );
    host.own(
      watcher,
      watcher.onDidChange(() => host.tell('changed', {})),
      watcher.onDidCreate(() => host.tell('changed', {})),
    );
  }
}

/** The editor that VS Code opens model files with. */
export function registerModelEditor(desk: Desk): vscode.Disposable {
  const editor = new ModelEditor(desk);
  return vscode.Disposable.from(
    vscode.window.registerCustomEditorProvider('cairn.model', editor),
    // For endings that other things have too: offered by "Reopen Editor With", never by itself.
    vscode.window.registerCustomEditorProvider('cairn.model.option', editor),
  );
}
