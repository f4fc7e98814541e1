import { html, LitElement, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { ComparisonEvidence, Side } from '../../../src/core/comparisonReport';
import type { CurveSet } from '../../../src/core/version';
import {
  type CompareContract,
  type CompareEvents,
  type CompareSection,
  type CompareState,
  type CompareView,
  compareEventReaders,
  readCompareState,
} from '../../../src/wire/comparePanel';
import { Host } from '../host';
import { beginning, keepsake } from '../keeping';
import { messageOf, nothingToShow, problemNotice, waitingNotice } from '../notices';
import { panelStyles, tableStyles } from '../styles';
import { architectureSection } from './architectureSection';
import { compareHeader } from './compareHeader';
import { curvesSection } from './curvesSection';
import { overviewSection } from './overviewSection';
import { pageStyles } from './pageStyles';
import { predictionsSection } from './predictionsSection';
import { sectionStyles } from './sectionStyles';
import {
  codeSection,
  dataSection,
  environmentSection,
  filesSection,
  metricsSection,
  parametersSection,
} from './sections';
import { withBaseline } from './sides';
import { Spreads } from './spreads';
import { type CompareOwn, ownAtFirst, readCompareOwn } from './state';
import { Weighings } from './weighings';
import { weightsSection } from './weightsSection';

/** So many rows of a long list are shown at first, and more with each press. */
const rowsAtFirst = { flips: 10, tensors: 40 };
/** How long scrolling rests before its place is kept, in milliseconds. */
const scrollRest = 200;

/** The Compare panel: a version against others, or against the working files. */
@customElement('cairn-compare')
export class ComparePanel extends LitElement {
  static override styles = [panelStyles, tableStyles, pageStyles, sectionStyles];

  /** What the page says, as JSON. */
  given: string | undefined;

  @state() private view: CompareView | null = null;
  @state() private evidence: ComparisonEvidence | null = null;
  @state() private curves: readonly CurveSet[] | null = null;
  @state() private more: ReadonlyMap<string, number> = new Map();
  @state() private own: CompareOwn = ownAtFirst;
  @state() private busy = false;
  @state() private problem: string | null = null;
  @state() private note = '';

  private readonly host = new Host<CompareContract, CompareEvents>(compareEventReaders);
  private readonly weighings = new Weighings(this.host, () => this.requestUpdate());
  private readonly spreads = new Spreads(
    this.host,
    () => this.requestUpdate(),
    (thrown) => this.failed(thrown),
  );
  private shown: CompareState | null = null;
  private lastLoad = 0;
  private placed = false;
  private scrollTimer = 0;
  private readonly headerSizes = new ResizeObserver(([entry]) => {
    const height = entry?.target.getBoundingClientRect().height ?? 0;
    this.style.setProperty('--cairn-header', `${height}px`);
  });

  override connectedCallback(): void {
    super.connectedCallback();
    const given = [this.given, this.host.recall()] as const;
    const begun = beginning(...given, readCompareState, readCompareOwn, this.own);
    if (begun === null) {
      this.problem = nothingToShow;
      return;
    }
    this.shown = begun.state;
    this.own = begun.own;
    this.keep();
    this.host.on('changed', () => void this.load());
    this.host.on('progress', ({ side, text, fraction }) =>
      this.weighings.progress(side, text, fraction),
    );
    window.addEventListener('scroll', this.scrolled, { passive: true });
    void this.load();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('scroll', this.scrolled);
    this.headerSizes.disconnect();
  }

  private get sides(): readonly Side[] {
    return this.shown?.sides ?? [];
  }

  private keep(): void {
    if (this.shown === null) return;
    this.host.keep(keepsake(this.given, { state: this.shown, own: this.own }));
  }

  private readonly set = (change: Partial<CompareOwn>): void => {
    this.own = { ...this.own, ...change };
    this.keep();
  };

  private readonly scrolled = (): void => {
    window.clearTimeout(this.scrollTimer);
    this.scrollTimer = window.setTimeout(() => {
      if (this.placed) this.set({ scrolled: Math.round(Math.max(0, window.scrollY)) });
    }, scrollRest);
  };

  private readonly show = (sides: readonly Side[] | null): void => {
    if (sides === null || this.shown === null) return;
    this.shown = { ...this.shown, sides, at: null };
    this.own = { ...this.own, hidden: [], zoom: null };
    this.spreads.clear();
    this.weighings.callOff();
    this.more = new Map();
    this.keep();
    void this.load();
  };

  private readonly load = async (): Promise<void> => {
    const mine = ++this.lastLoad;
    const { sides } = this;
    this.busy = true;
    try {
      const view = await this.host.ask('load', { sides });
      if (mine !== this.lastLoad) return;
      this.view = view;
      this.problem = null;
    } catch (thrown) {
      if (mine === this.lastLoad) this.failed(thrown);
    }
    if (mine !== this.lastLoad) return;
    this.busy = false;
    if (this.view !== null && this.problem === null) await this.loadMore(mine, sides, this.view);
  };

  /** What takes longer, once the rest can be read. */
  private async loadMore(mine: number, sides: readonly Side[], view: CompareView): Promise<void> {
    const asked = this.weighings.renew(view, sides);
    try {
      const [{ curves }, evidence] = await Promise.all([
        this.host.ask('curves', { sides }),
        this.host.ask('evidence', { sides }),
      ]);
      if (mine !== this.lastLoad) return;
      this.curves = curves;
      this.evidence = evidence;
    } catch (thrown) {
      if (mine === this.lastLoad) this.failed(thrown);
      return;
    }
    for (let side = 1; side < sides.length && mine === this.lastLoad; side++) {
      const isAsked = asked.includes(side) || this.shown?.at === 'weights';
      if (this.weighings.isDue(view, side, isAsked)) await this.weighings.compare(side);
    }
  }

  private failed(thrown: unknown): void {
    this.problem = messageOf(thrown);
  }

  /** Asks for something that has nothing to show here but its failure. */
  private do<K extends 'openCode' | 'openFile' | 'openExample' | 'copy' | 'rollBack' | 'pin'>(
    name: K,
    ask: CompareContract[K]['ask'],
    done = '',
  ): void {
    this.note = '';
    this.host.ask(name, ask).then(
      () => {
        this.note = done;
      },
      (thrown: unknown) => this.failed(thrown),
    );
  }

  private readonly openCode = (side: number): void => {
    const [from, to] = this.pair(side);
    if (from !== null) this.do('openCode', { from, to });
  };

  private readonly openFile = (side: number, path: string): void => {
    const [from, to] = this.pair(side);
    if (from !== null) this.do('openFile', { from, to, path });
  };

  private readonly openExample = (index: number, row: number): void => {
    const [base, side] = this.pair(index);
    if (base !== null) this.do('openExample', { base, side, row });
  };

  /** The base and another side as they are shown, revisions included. */
  private pair(index: number): readonly [Side, Side] {
    const sides = this.view?.sides ?? [];
    return [sides[0]?.side ?? null, sides[index]?.side ?? null];
  }

  private readonly jump = (section: CompareSection): void => {
    const heading = this.renderRoot.querySelector<HTMLElement>(`#${section}`);
    heading?.closest('section')?.scrollIntoView({ block: 'start' });
    heading?.focus({ preventScroll: true });
  };

  private rowsOf(list: keyof typeof rowsAtFirst): (side: number) => number {
    return (side) => this.more.get(`${list} ${side}`) ?? rowsAtFirst[list];
  }

  private showMore(list: keyof typeof rowsAtFirst): (side: number) => void {
    return (side) => {
      const more = this.rowsOf(list)(side) * 4;
      this.more = new Map([...this.more, [`${list} ${side}`, more]]);
    };
  }

  protected override updated(): void {
    const header = this.renderRoot.querySelector('header');
    if (header === null || this.placed) return;
    this.headerSizes.observe(header);
    this.placed = true;
    const at = this.shown?.at ?? null;
    if (this.own.scrolled > 0) window.scrollTo(0, this.own.scrolled);
    else if (at !== null) requestAnimationFrame(() => this.jump(at));
  }

  override render() {
    const { view } = this;
    return html`
      ${view === null ? nothing : this.header(view)}
      <div class="page" aria-busy=${this.busy ? 'true' : 'false'}>
        ${this.problem === null ? nothing : problemNotice(this.problem, () => void this.load())}
        ${view === null ? this.firstView() : this.sections(view)}
      </div>
      <div class="hidden" role="status">${this.note}</div>
    `;
  }

  private firstView() {
    return this.problem === null ? waitingNotice('Comparing …') : nothing;
  }

  private header(view: CompareView) {
    const { sides, own, set, show, jump } = this;
    return compareHeader({
      ...{ view, sides, own, set, show, jump },
      copy: () => this.do('copy', { sides }, 'Copied as Markdown.'),
      rollBack: (reference) => this.do('rollBack', { reference }),
      pin: (reference, pinned) => {
        this.do('pin', { reference, pinned });
        this.view = { ...view, choices: withBaseline(view.choices, pinned ? reference : null) };
      },
    });
  }

  private sections(view: CompareView) {
    const { own, evidence, curves, set, openExample } = this;
    const { weights } = this.weighings;
    const { filter } = own;
    return html`
      ${overviewSection(view, evidence, weights)} ${metricsSection(view, own, curves ?? [])}
      ${curvesSection({ view, curves, own, set })}
      ${predictionsSection({
        ...{ view, evidence, filter, openExample },
        shown: this.rowsOf('flips'),
        showMore: this.showMore('flips'),
      })}
      ${parametersSection(view, own)} ${filesSection(view, own)} ${this.weightsOf(view)}
      ${architectureSection(view, weights, filter)} ${dataSection(view, own, evidence)}
      ${environmentSection(view, own)}
      ${codeSection(view, own, { openCode: this.openCode, openFile: this.openFile })}
    `;
  }

  private weightsOf(view: CompareView) {
    const { weighings, spreads } = this;
    return weightsSection({
      ...{ view, weights: weighings.weights, weighing: weighings.states, choosing: this.own },
      spreads: spreads.open,
      toggleSpread: (...place) => spreads.toggle(this.sides, ...place),
      shown: this.rowsOf('tensors'),
      showMore: this.showMore('tensors'),
      start: (side) => void weighings.compare(side),
      cancel: () => weighings.cancel(),
    });
  }
}
