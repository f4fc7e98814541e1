import { html, nothing, type TemplateResult } from 'lit';
import type { ComparedSide, Side } from '../../../src/core/comparisonReport';
import {
  type CompareSection,
  type CompareView,
  compareSections,
} from '../../../src/wire/comparePanel';
import type { CheckboxControl } from '../controls';
import { icons } from '../icons';
import '../searchPicker';
import type { PickEvent } from '../searchPicker';
import {
  canRollBackTo,
  pickerOptions,
  pickerValue,
  pinned,
  replaced,
  sideOf,
  swapped,
  withOneMore,
  without,
} from './sides';
import type { CompareOwn } from './state';

export interface HeaderParts {
  readonly view: CompareView;
  readonly sides: readonly Side[];
  readonly own: CompareOwn;
  readonly set: (change: Partial<CompareOwn>) => void;
  readonly show: (sides: readonly Side[] | null) => void;
  readonly jump: (section: CompareSection) => void;
  readonly copy: () => void;
  readonly rollBack: (reference: string) => void;
  /** Keeps a version as the baseline, or lets it go. */
  readonly pin: (reference: string, pinned: boolean) => void;
}

const sectionTitles: Readonly<Record<CompareSection, string>> = {
  overview: 'Overview',
  metrics: 'Metrics',
  curves: 'Curves',
  predictions: 'Predictions',
  parameters: 'Parameters',
  files: 'Model Files',
  weights: 'Weights',
  architecture: 'Architecture',
  data: 'Data',
  environment: 'Environment',
  code: 'Code',
};

/** What is compared, how it is looked at, and links to the sections. */
export function compareHeader(parts: HeaderParts): TemplateResult {
  const { view, sides, show } = parts;
  const swap = swapped(sides);
  const two = view.sides.length === 2;
  return html`<header>
    <h1 class="hidden">Compare ${view.model}</h1>
    <div class="sides">
      ${view.sides.map((side, index) => [
        index === 1 && two
          ? html`<vscode-button
              appearance="icon"
              aria-label="Swap the two sides"
              title=${swap === null ? 'The working files cannot be the base' : 'Swap'}
              ?disabled=${swap === null}
              @click=${() => show(swap)}
              >${icons.swap}</vscode-button
            >`
          : nothing,
        sideBox(side, index, parts),
      ])}
    </div>
    ${tools(parts)}
    <nav aria-label="Sections">
      ${compareSections.map(
        (section) =>
          html`<button class="link" @click=${() => parts.jump(section)}>
            ${sectionTitles[section]}
          </button>`,
      )}
    </nav>
  </header>`;
}

function tools({ view, sides, own, set, show, copy }: HeaderParts) {
  const more = withOneMore(view, sides);
  return html`<div class="tools">
    <vscode-checkbox
      .checked=${own.onlyDifferences}
      @change=${(event: Event) => {
        const { checked } = event.target as CheckboxControl;
        if (checked !== own.onlyDifferences) set({ onlyDifferences: checked });
      }}
      >Only differences</vscode-checkbox
    >
    <input
      class="filter"
      type="search"
      aria-label="Filter all sections"
      placeholder="Filter all sections"
      .value=${own.filter}
      @input=${(event: Event) => set({ filter: (event.target as HTMLInputElement).value })}
    />
    <span class="spring"></span>
    <vscode-button
      appearance="secondary"
      ?disabled=${more === null}
      title=${more === null ? 'There is nothing left to add' : 'Compare with one more'}
      @click=${() => show(more)}
      >Add Version</vscode-button
    >
    <vscode-button appearance="secondary" @click=${copy}>Copy as Markdown</vscode-button>
  </div>`;
}

function sideBox(side: ComparedSide, index: number, parts: HeaderParts) {
  const { view, sides, show } = parts;
  const label = index === 0 ? 'Base' : view.sides.length === 2 ? 'Compared' : `Compared ${index}`;
  return html`<div class="side">
    <div class="side-name">
      <span class="quiet">${label}</span>
      ${rollBackLink(side, parts)}
    </div>
    <div class="side-row">
      <cairn-search-picker
        .label=${`${label} version`}
        .options=${pickerOptions(view, index)}
        .value=${pickerValue(side.side)}
        @pick=${({ detail }: PickEvent) => show(replaced(sides, index, sideOf(detail)))}
      ></cairn-search-picker>
      ${index === 0 ? baselineButton(side, parts) : otherButtons(side, index, parts)}
    </div>
  </div>`;
}

function rollBackLink(side: ComparedSide, { view, rollBack }: HeaderParts) {
  const reference = side.side;
  if (reference === null || !canRollBackTo(side, view.choices)) return nothing;
  return html`<button
    class="link"
    aria-label="Roll back to ${side.title}"
    @click=${() => rollBack(reference)}
  >
    Roll Back…
  </button>`;
}

/** Pins the base for comparisons to come; only what the pickers offer can be found again. */
function baselineButton({ side, title }: ComparedSide, { view, pin }: HeaderParts) {
  const choice = view.choices.find(({ reference }) => reference === side);
  if (choice === undefined) return nothing;
  const { reference, baseline } = choice;
  return html`<button
    class="baseline"
    aria-label="Pin ${title} as the baseline"
    aria-pressed=${baseline ? 'true' : 'false'}
    title=${baseline ? 'Baseline: new comparisons are held against it. Click to let it go' : 'Pin as the baseline that new comparisons are held against'}
    @click=${() => pin(reference, !baseline)}
  >
    ${baseline ? icons.pinned : icons.pin}
  </button>`;
}

function otherButtons(side: ComparedSide, index: number, { view, sides, show }: HeaderParts) {
  if (view.sides.length === 2) return nothing;
  const pin = pinned(sides, index);
  return html`<vscode-button
      appearance="icon"
      aria-label="Make ${side.title} the base"
      title=${pin === null ? 'The working files cannot be the base' : 'Hold the others against this one'}
      ?disabled=${pin === null}
      @click=${() => show(pin)}
      >${icons.pin}</vscode-button
    >
    <vscode-button
      appearance="icon"
      aria-label="Leave ${side.title} out"
      title="Leave out"
      @click=${() => show(without(sides, index))}
      >${icons.close}</vscode-button
    >`;
}
