import * as vscode from 'vscode';
import type { Activity, Progress } from '../core/progress';
import { progressFraction, progressText } from './progressText';

/** What is done sooner than this shows no progress. */
const patience = 400;

/** Who else follows what goes on, and may call it off. */
export interface Attention {
  readonly watch?: (progress: Progress) => void;
  readonly signal?: AbortSignal;
}

/**
 * Runs work that may take long, with a notification that shows progress and can call it off; without
 * one where somebody else shows it.
 */
export async function withActivity<T>(
  title: string,
  work: (activity: Activity) => Promise<T>,
  { watch, signal }: Attention = {},
): Promise<T> {
  const controller = new AbortController();
  signal?.addEventListener('abort', () => controller.abort(), { once: true });
  const listeners = new Set<(progress: Progress) => void>(watch === undefined ? [] : [watch]);
  const running = work({
    signal: controller.signal,
    progress: (progress) => {
      for (const listener of listeners) listener(progress);
    },
  });
  const settled = running.then(
    () => true,
    () => true,
  );
  // Whoever follows it shows it already, and has a way to call it off.
  if (watch === undefined && !(await Promise.race([settled, later(patience)]))) {
    void vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title, cancellable: true },
      (progress, token) => {
        token.onCancellationRequested(() => controller.abort());
        listeners.add(reportTo(progress));
        return settled;
      },
    );
  }
  return running;
}

function later(milliseconds: number): Promise<false> {
  return new Promise((resolve) => setTimeout(() => resolve(false), milliseconds));
}

/** VS Code takes increments of a percentage, the engine tells where it stands. */
function reportTo(
  progress: vscode.Progress<{ message?: string; increment?: number }>,
): (step: Progress) => void {
  let shown = 0;
  return (step) => {
    const percent = (progressFraction(step) ?? 0) * 100;
    const increment = Math.max(0, percent - shown);
    shown += increment;
    progress.report({ message: progressText(step), increment });
  };
}
