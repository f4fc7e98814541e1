import type { Side, SideWeights } from '../../../src/core/comparisonReport';
import type { CompareContract, CompareEvents, CompareView } from '../../../src/wire/comparePanel';
import type { Host } from '../host';
import { messageOf } from '../notices';
import { hasChangedFiles, type Weighing } from './weightsSection';

/** Weights of more bytes are compared when somebody asks for it. */
const mostBytesUnasked = 2 ** 30;

/** The comparisons of the weights of the base with those of each other side, and how far they are. */
export class Weighings {
  weights: readonly SideWeights[] = [];
  states: ReadonlyMap<number, Weighing> = new Map();
  private sides: readonly Side[] = [];
  /** Another one for what was called off: what still comes of the old is not wanted any more. */
  private round = {};

  constructor(
    private readonly host: Host<CompareContract, CompareEvents>,
    private readonly changed: () => void,
  ) {}

  /**
   * Takes what a new view knows. What is being compared between versions goes on, for they never
   * change; what is compared with the working files begins anew. Gives the sides to begin with.
   */
  renew(view: CompareView, sides: readonly Side[]): readonly number[] {
    const { going } = this;
    const isSame = going.length > 0 && `${sides}` === `${this.sides}`;
    const isKept = isSame && !sides.includes(null);
    if (!isKept) this.callOff();
    this.sides = sides;
    const found = this.weights.filter(({ side }) => view.weights.every((one) => one.side !== side));
    this.weights = isKept ? [...view.weights, ...found] : view.weights;
    this.states = new Map(isKept ? going : []);
    this.changed();
    return isSame && !isKept ? going.map(([side]) => side) : [];
  }

  /** Whether the weights of a side are compared without being asked for. */
  isDue(view: CompareView, side: number, asked: boolean): boolean {
    if (!hasChangedFiles(view, side) || this.states.get(side)?.kind === 'going') return false;
    if (this.weights.some((one) => one.side === side)) return false;
    const bytes = view.files.reduce((sum, { cells }) => sum + (cells[side]?.bytes ?? 0), 0);
    return bytes <= mostBytesUnasked || asked;
  }

  /** How far the comparison of a side is; of one that was called off nothing is told. */
  progress(side: number, text: string, fraction: number | null): void {
    if (this.states.get(side)?.kind === 'going') this.tell(side, { kind: 'going', text, fraction });
  }

  private tell(side: number, how: Weighing): void {
    this.states = new Map([...this.states, [side, how]]);
    this.changed();
  }

  async compare(side: number): Promise<void> {
    const { round, sides } = this;
    this.tell(side, { kind: 'going', text: 'Comparing the weights …', fraction: null });
    try {
      const found = await this.host.ask('weights', { sides, side });
      if (round !== this.round) return;
      this.weights = [...this.weights.filter((one) => one.side !== side), found];
      this.states = new Map([...this.states].filter(([of]) => of !== side));
      this.changed();
    } catch (thrown) {
      if (round === this.round) this.tell(side, { kind: 'problem', message: messageOf(thrown) });
    }
  }

  /** What is under way is told to be off by its own answer. */
  cancel(): void {
    void this.host.ask('cancelWeights', {});
  }

  /** Ends what is under way, and says nothing of it. */
  callOff(): void {
    if (this.going.length > 0) this.cancel();
    this.states = new Map([...this.states].filter(([, { kind }]) => kind !== 'going'));
    this.round = {};
  }

  private get going(): readonly (readonly [number, Weighing])[] {
    return [...this.states].filter(([, { kind }]) => kind === 'going');
  }
}
