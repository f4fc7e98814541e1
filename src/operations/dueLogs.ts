import { matcher } from '../workspace';
import { type LogPlace, logPlaceOf } from './logPlaces';
import type { Rooms } from './rooms';

/** A log that is to be looked at, and the model that it is of, as far as that is known. */
export interface DueLog {
  readonly place: LogPlace;
  readonly model: string | null;
}

/** Which logs are to be looked at: those that were written, and those that nobody had time for. */
export class DueLogs {
  readonly #touched = new Map<string, { place: LogPlace; at: number }>();
  #owed = new Map<string, LogPlace>();

  constructor(private readonly rooms: Rooms) {}

  /** Logs that were written since. */
  touchedSince(moment: number): LogPlace[] {
    return [...this.#touched.values()].filter(({ at }) => at >= moment).map(({ place }) => place);
  }

  /** Looks at a log the next time, whatever is written until then. */
  postpone(place: LogPlace): void {
    this.#owed.set(keyOf(place), place);
  }

  /** The logs among files that changed, and what was postponed, by their keys. */
  async among(paths: readonly string[]): Promise<Map<string, DueLog>> {
    const { platform, repository } = this.rooms;
    const { models } = await this.rooms.configuration();
    const named = models.map(({ name, curves, metrics }) => ({
      name,
      matches: matcher([...curves, ...metrics]),
    }));
    const due = new Map<string, DueLog>();
    const only = models.length === 1 ? (models[0]?.name ?? null) : null;
    for (const path of paths) {
      const model = named.find(({ matches }) => matches(path))?.name ?? null;
      const place = await logPlaceOf(platform, repository.root, path, model !== null);
      if (place === null) continue;
      due.set(keyOf(place), { place, model: model ?? only });
      this.#touched.set(keyOf(place), { place, at: platform.clock.now().getTime() });
    }
    for (const [key, place] of this.#owed) due.set(key, due.get(key) ?? { place, model: only });
    this.#owed = new Map();
    return due;
  }
}

function keyOf({ tool, path }: LogPlace): string {
  return `${tool} ${path}`;
}
