import type { ChartCurve } from '../../../src/core/metricsTable';
import type { ChartAxis } from '../../../src/core/version';
import type { MetricsContract } from '../../../src/wire/metricsPanel';
import type { Range } from './zoom';

type Ask = (ask: MetricsContract['curves']['ask']) => Promise<readonly ChartCurve[]>;

/** About as many points as a chart has columns of pixels, with those between them. */
const width = 2_000;
/** A curve of fewer points than this was not thinned. */
const wholeBelow = 1_000;
/** What is asked for beyond either end of what is seen, as a part of it: lines reach the edges. */
const beyond = 0.25;
/** While the picture is moved nothing is asked for, in milliseconds. */
const calm = 60;

/** What is to be drawn. */
interface Wanted {
  readonly references: readonly string[];
  readonly series: string;
  /** `null`: each curve on its own. */
  readonly axis: ChartAxis | null;
  readonly zoom: Range | null;
}

/** Curves as they come: an outline of each whole one, and what is in sight in detail. */
export class CurveStore {
  private outlines = new Map<string, ChartCurve>();
  private details = new Map<string, ChartCurve>();
  private detailed: Range | null = null;
  private readonly asked = new Set<string>();
  private wanted: Wanted = { references: [], series: '', axis: null, zoom: null };
  private waiting: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly ask: Ask,
    private readonly changed: (problem: unknown) => void,
  ) {}

  /** Says what is drawn now; what is not here is asked for. */
  want(wanted: Wanted): void {
    const before = this.wanted;
    this.wanted = wanted;
    void this.loadOutlines(wanted.references.filter((one) => !this.asked.has(this.key(one))));
    const { zoom } = wanted;
    const isOther = wanted.series !== before.series || wanted.axis !== before.axis;
    if (isOther) this.forgetDetails();
    if (zoom === null || this.isDetailed(zoom) || !this.isThinned) return;
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => void this.loadDetails(), calm);
  }

  /** Runs logged more points. */
  grown(references: ReadonlySet<string>): void {
    const drawn = this.wanted.references.filter((one) => references.has(one));
    void this.loadOutlines(drawn);
    if (drawn.length > 0 && this.detailed !== null) void this.loadDetails();
  }

  /** Forgets what a new table may tell anew of runs; versions stay, because revisions do not change. */
  renew(isRun: (reference: string) => boolean): void {
    const runs = this.wanted.references.filter(isRun);
    void this.loadOutlines(runs);
  }

  /** Of the wanted ones those that are here, in outline. */
  get whole(): readonly ChartCurve[] {
    return this.wanted.references.flatMap((one) => this.outlines.get(this.key(one)) ?? []);
  }

  /** The same, where it is here as fine as it is seen. */
  get seen(): readonly ChartCurve[] {
    const { zoom } = this.wanted;
    if (zoom === null || !this.isDetailed(zoom)) return this.whole;
    return this.whole.map((curve) => this.details.get(this.key(curve.reference)) ?? curve);
  }

  private key(reference: string): string {
    return keyOf(this.wanted, reference);
  }

  private get isThinned(): boolean {
    return this.whole.some(({ curve }) => (curve?.steps.length ?? 0) >= wholeBelow);
  }

  private isDetailed({ from, to }: Range): boolean {
    const { detailed } = this;
    if (detailed === null || detailed.from > from || detailed.to < to) return false;
    // Near enough that a closer look would show nothing new.
    return detailed.to - detailed.from <= (to - from) * (1 + 4 * beyond);
  }

  private forgetDetails(): void {
    this.details = new Map();
    this.detailed = null;
  }

  private async loadOutlines(references: readonly string[]): Promise<void> {
    if (references.length === 0) return;
    const { wanted } = this;
    const { series, axis } = wanted;
    for (const reference of references) this.asked.add(keyOf(wanted, reference));
    try {
      const curves = await this.ask({ references, series, axis, from: null, to: null, width });
      for (const curve of curves) this.outlines.set(keyOf(wanted, curve.reference), curve);
      this.changed(null);
    } catch (thrown) {
      for (const reference of references) this.asked.delete(keyOf(wanted, reference));
      this.changed(thrown);
    }
  }

  private async loadDetails(): Promise<void> {
    const { wanted } = this;
    const { series, axis, zoom, references } = wanted;
    if (zoom === null) return;
    const span = zoom.to - zoom.from;
    const range = { from: zoom.from - span * beyond, to: zoom.to + span * beyond };
    try {
      const curves = await this.ask({ references, series, axis, ...range, width: width * 1.5 });
      if (series !== this.wanted.series || axis !== this.wanted.axis) return;
      this.details = new Map(curves.map((curve) => [keyOf(wanted, curve.reference), curve]));
      this.detailed = range;
      this.changed(null);
    } catch (thrown) {
      this.changed(thrown);
    }
  }
}

function keyOf({ series, axis }: Wanted, reference: string): string {
  return `${axis ?? ''}\n${series}\n${reference}`;
}
