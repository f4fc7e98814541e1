import type { Side } from '../../../src/core/comparisonReport';
import type { CompareContract, CompareEvents, TensorPlace } from '../../../src/wire/comparePanel';
import type { Host } from '../host';
import type { Spread } from './spreadPicture';
import { spreadKey } from './weightsSection';

/** The histograms that somebody asked for. */
export class Spreads {
  /** By `spreadKey`; `null` while one is on its way. */
  open: ReadonlyMap<string, Spread | null> = new Map();

  constructor(
    private readonly host: Host<CompareContract, CompareEvents>,
    private readonly changed: () => void,
    private readonly failed: (thrown: unknown) => void,
  ) {}

  clear(): void {
    this.open = new Map();
  }

  /** Shows the histograms of a tensor, or puts them away. */
  toggle(sides: readonly Side[], side: number, from: TensorPlace | null, to: TensorPlace | null) {
    const place = to ?? from;
    const [base, other] = [sides[0], sides[side]];
    if (place === null || base === null || base === undefined || other === undefined) return;
    const key = spreadKey(side, place.path, place.tensor);
    const open = new Map(this.open);
    if (!open.delete(key)) {
      open.set(key, null);
      this.host.ask('spread', { base, side: other, from, to }).then(
        (spread) => this.put(key, spread),
        (thrown: unknown) => this.failed(thrown),
      );
    }
    this.open = open;
    this.changed();
  }

  private put(key: string, spread: Spread): void {
    if (!this.open.has(key)) return;
    this.open = new Map([...this.open, [key, spread]]);
    this.changed();
  }
}
