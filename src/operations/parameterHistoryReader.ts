import { ParameterFinder } from '../source';
import { type FileAsked, ParameterHistoryFile } from './parameterHistoryFile';
import { keepPast, recallPast } from './parameterHistoryKept';
import type { ModelPast } from './parameterHistoryPast';
import { pause } from './pause';
import type { Rooms } from './rooms';

/** While the newest versions answer, so many times as many are read, and so on until all are. */
const growth = 10;
/** Older versions are read on for so long after somebody last asked. */
const patienceMilliseconds = 20_000;

/** How far a long past is read. */
export interface ReadingState {
  readonly done: number;
  readonly total: number;
}

/**
 * Reads one file's past: of a long one the newest versions first, which answer while more and more
 * are read beside; what was read once is kept on the disk. Ends when nobody asks any more, and goes
 * on from there when somebody does.
 */
export class ParameterHistoryReader {
  /** For what an editor shows now. */
  readonly live: ParameterFinder;
  private answering: ParameterHistoryFile | null = null;
  /** The next stage, which is being read, or was left. */
  private next: ParameterHistoryFile | null = null;
  /** All that was kept, of which too little is of the newest versions. */
  private recalled: ParameterHistoryFile | null = null;
  private past: ModelPast | null = null;
  private turn: Promise<void> = Promise.resolve();
  private beside: Promise<void> | null = null;
  private lastAsked = 0;
  /** Older versions could not be read: what was read goes on to answer. */
  private failed = false;
  private closed = false;

  /** @param atOnce so many versions are read before the first answer */
  constructor(
    private readonly rooms: Rooms,
    private readonly model: string,
    private readonly asked: FileAsked,
    private readonly atOnce: number,
  ) {
    this.live = new ParameterFinder(asked.language);
  }

  /** The file brought to the versions as they are now, as far as it was read. */
  async at(past: ModelPast): Promise<ParameterHistoryFile> {
    this.lastAsked = this.rooms.platform.clock.elapsed();
    this.past = past;
    // One at a time reads.
    const mine = this.turn.then(() => this.bring(past));
    this.turn = mine.then(
      () => undefined,
      () => undefined,
    );
    return await mine;
  }

  /** `null` when all was read. */
  get state(): ReadingState | null {
    const { answering, next, past } = this;
    if (answering === null || past === null || answering.begin === 0 || this.failed) return null;
    const total = past.versions.length;
    const read = next === null ? 0 : next.length - next.begin;
    return { done: Math.max(total - answering.begin, Math.min(read, total - 1)), total };
  }

  /** What the file and its next stage hold: the memory goes by it. */
  get size(): number {
    return (this.answering?.timeline.size ?? 0) + (this.next?.timeline.size ?? 0);
  }

  /** Waits until nothing is read beside. */
  async settled(): Promise<void> {
    while (this.beside !== null) await this.beside;
  }

  /** Nothing is read any more. */
  close(): void {
    this.closed = true;
  }

  private async bring(past: ModelPast): Promise<ParameterHistoryFile> {
    const file = this.answering ?? (await this.begun(past));
    const read = await file.update(this.rooms, past);
    this.answering = file;
    if (file.begin > 0) this.readOn();
    else if (read > 0) await this.keep(file);
    return file;
  }

  private async begun({ versions }: ModelPast): Promise<ParameterHistoryFile> {
    const { asked, atOnce } = this;
    if (versions.length <= atOnce) return new ParameterHistoryFile(asked);
    const kept = await recallPast(this.rooms, this.model, asked);
    const known = kept === null ? null : new ParameterHistoryFile(asked, undefined, kept);
    if (known !== null && versions.length - known.length <= atOnce) return known;
    this.recalled = known;
    return new ParameterHistoryFile(asked, atOnce);
  }

  private readOn(): void {
    if (this.beside !== null || this.closed || this.failed) return;
    // Whoever asked has the answer first.
    const reading = pause().then(() => this.readStages());
    const ended = (failed: boolean) => {
      this.beside = null;
      this.failed = failed;
    };
    this.beside = reading.then(
      () => ended(false),
      () => ended(true),
    );
  }

  private async readStages(): Promise<void> {
    for (;;) {
      const { answering, past } = this;
      if (answering === null || past === null || answering.begin === 0) return;
      const stage = this.next ?? this.stageAfter(answering, past);
      this.next = stage;
      await stage.update(this.rooms, past, () => this.isWanted());
      if (!this.isWanted()) return;
      this.answering = stage;
      this.next = null;
      if (stage.begin === 0) await this.keep(stage);
    }
  }

  private stageAfter({ begin }: ParameterHistoryFile, { versions }: ModelPast) {
    const count = (versions.length - begin) * growth;
    if (count < versions.length) return new ParameterHistoryFile(this.asked, count);
    const { recalled } = this;
    this.recalled = null;
    return recalled ?? new ParameterHistoryFile(this.asked);
  }

  private isWanted(): boolean {
    const waited = this.rooms.platform.clock.elapsed() - this.lastAsked;
    return !this.closed && waited < patienceMilliseconds;
  }

  /** A short past is read again as fast as it would be found. */
  private async keep(file: ParameterHistoryFile): Promise<void> {
    if (file.length > this.atOnce) await keepPast(this.rooms, this.model, this.asked, file.data);
  }
}
