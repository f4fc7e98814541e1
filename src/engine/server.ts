import { dirname } from 'node:path';
import { Cancelled, isFailure } from '../core/failure';
import type { Activity, Progress } from '../core/progress';
import {
  discover,
  initializeProject,
  inspectFile,
  openProject,
  type Project,
  scanFiles,
  tensorHistogram,
} from '../operations';
import type { Platform } from '../platform';
import type { EngineQuestion, EngineReply, EngineRequest, OpenedProject } from '../wire/engine';
import { callVerb } from './verbs';

/** Between two reports of progress of one request that are in the same phase. */
const progressMilliseconds = 100;

/** Answers requests: owns the opened projects and what is under way. */
export class EngineServer {
  private readonly projects = new Map<number, Project>();
  private readonly running = new Map<number, AbortController>();
  private nextProject = 1;

  constructor(
    private readonly platform: Platform,
    private readonly reply: (reply: EngineReply) => void,
  ) {}

  /** Begins what is asked and returns at once; the reply comes later. Never throws. */
  receive(request: EngineRequest): void {
    if (request.kind === 'cancel') this.running.get(request.id)?.abort();
    else void this.serve(request);
  }

  private async serve(request: EngineQuestion): Promise<void> {
    const { id } = request;
    const controller = new AbortController();
    this.running.set(id, controller);
    try {
      const answer = await this.answer(request, {
        signal: controller.signal,
        progress: this.throttled(id),
      });
      this.reply({ kind: 'answer', id, answer });
    } catch (thrown) {
      this.reply(replyToThrown(id, thrown));
    } finally {
      this.running.delete(id);
    }
  }

  private answer(request: EngineQuestion, activity: Activity): Promise<unknown> {
    switch (request.kind) {
      case 'initialize':
        return initializeProject(this.platform, request.directory, request.options ?? {}, activity);
      case 'discover':
        return discover(this.platform, request.directory, activity);
      case 'look':
        return this.look(request.path, activity);
      case 'histogram':
        return tensorHistogram(this.platform, request.path, request.tensor);
      case 'open':
        return this.open(request.directory, request.readOnly);
      case 'call':
        return callVerb(this.project(request.project), request.verb, request.request, activity);
      case 'close':
        return this.close(request.project);
    }
  }

  private async look(path: string, activity: Activity) {
    const directory = dirname(path);
    const inspection = await inspectFile(this.platform, { directory, path });
    const { files } = await scanFiles(this.platform, { directory, paths: [path] }, activity);
    return { inspection, scan: files[0] };
  }

  private async open(directory: string, readOnly: boolean): Promise<OpenedProject> {
    const project = await openProject(this.platform, directory, { readOnly });
    const number = this.nextProject++;
    this.projects.set(number, project);
    const { root, home, unwritable } = project;
    return { project: number, root, home, unwritable };
  }

  private async close(number: number): Promise<void> {
    const project = this.project(number);
    this.projects.delete(number);
    await project.close();
  }

  private project(number: number): Project {
    const project = this.projects.get(number);
    if (project === undefined) throw new Error(`project ${number} is not open`);
    return project;
  }

  private throttled(id: number): (progress: Progress) => void {
    let last = Number.NEGATIVE_INFINITY;
    let phase: Progress['phase'] | null = null;
    return (progress) => {
      const now = this.platform.clock.elapsed();
      if (progress.phase === phase && now - last < progressMilliseconds) return;
      last = now;
      phase = progress.phase;
      this.reply({ kind: 'progress', id, progress });
    };
  }
}

function replyToThrown(id: number, thrown: unknown): EngineReply {
  if (isFailure(thrown)) return { kind: 'failure', id, code: thrown.code, data: thrown.data };
  if (thrown instanceof Cancelled) return { kind: 'cancelled', id };
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  return { kind: 'bug', id, message: error.message, stack: error.stack ?? error.message };
}
