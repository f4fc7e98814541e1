import { html, type TemplateResult } from 'lit';
import type { ParallelAxis } from './parallelChart';
import type { Brush } from './shownRows';

/** What is brushed, and how to brush. */
export interface Brushing {
  readonly brushes: readonly Brush[];
  readonly brush: (brushes: readonly Brush[]) => void;
}

/** What can be brushed with the mouse, as fields for the keyboard: a range or a text of each axis. */
export function parallelFields(
  { brushes, brush }: Brushing,
  axes: readonly ParallelAxis[],
): TemplateResult {
  const put = (axis: ParallelAxis, next: Brush | null) => {
    const others = brushes.filter(({ column }) => column !== axis.column);
    brush(next === null ? others : [...others, next]);
  };
  return html`<div class="ranges">
    ${axes.map((axis) => {
      const now = brushes.find(({ column }) => column === axis.column) ?? null;
      return html`<fieldset>
        <legend>${axis.title}</legend>
        ${axis.kind === 'category' ? textField(axis, now, put) : rangeFields(axis, now, put)}
      </fieldset>`;
    })}
    <button class="link" ?disabled=${brushes.length === 0} @click=${() => brush([])}>
      Clear Ranges
    </button>
  </div>`;
}

type Put = (axis: ParallelAxis, next: Brush | null) => void;

function textField(axis: ParallelAxis, now: Brush | null, put: Put) {
  const only = now?.texts?.length === 1 ? now.texts[0] : '';
  return html`<select
    aria-label=${`Value of ${axis.title}`}
    @change=${(event: Event) => {
      const { value } = event.target as HTMLSelectElement;
      const index = axis.texts.indexOf(value);
      const intervals = [[index - 0.4, index + 0.4] as const];
      put(axis, index < 0 ? null : { column: axis.column, intervals, texts: [value] });
    }}
  >
    <option value="" .selected=${only === ''}>any</option>
    ${axis.texts.map((text) => html`<option value=${text} .selected=${text === only}>${text}</option>`)}
  </select>`;
}

function rangeFields(axis: ParallelAxis, now: Brush | null, put: Put) {
  const [from, to] = now?.intervals[0] ?? [];
  const changed = (event: Event) => {
    const fieldset = (event.target as Element).closest('fieldset');
    const [low, high] = [...(fieldset?.querySelectorAll('input') ?? [])].map(({ value }) =>
      value.trim() === '' ? null : Number(value),
    );
    if (Number.isNaN(low) || Number.isNaN(high)) return;
    const isAny = (low ?? null) === null && (high ?? null) === null;
    const interval = [low ?? axis.ends[0], high ?? axis.ends[1]] as const;
    put(axis, isAny ? null : { column: axis.column, intervals: [interval], texts: null });
  };
  const shown = (value: number | undefined) =>
    value === undefined || axis.ends.includes(value) ? '' : String(Number(value.toPrecision(5)));
  return html`<input
      type="text"
      inputmode="decimal"
      placeholder="from"
      aria-label=${`${axis.title} from`}
      .value=${shown(from)}
      @change=${changed}
    />
    <input
      type="text"
      inputmode="decimal"
      placeholder="to"
      aria-label=${`${axis.title} to`}
      .value=${shown(to)}
      @change=${changed}
    />`;
}
