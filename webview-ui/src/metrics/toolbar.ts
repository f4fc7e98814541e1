import { html, nothing, type TemplateResult } from 'lit';
import { type MetricsChoices, shownKinds } from '../../../src/wire/metricsChoices';
import type { CheckboxControl } from '../controls';
import type { PickEvent } from '../picker';
import './columnList';
import type { ShowEvent } from './columnList';
import { everyColumn, isHidden, withHidden } from './columns';
import type { FilterEvent } from './filterField';
import type { TableData } from './tableData';

export interface ToolbarParts {
  readonly data: TableData;
  readonly choices: MetricsChoices;
  readonly text: string;
  readonly wrong: string | null;
  /** Whether the columns are listed. */
  readonly listing: boolean;
  readonly typed: (text: string) => void;
  readonly choose: (change: Partial<MetricsChoices>) => void;
  readonly showModel: (model: string) => void;
  readonly list: (listing: boolean) => void;
}

const shownTitles: Readonly<Record<MetricsChoices['shown'], string>> = {
  all: 'Versions and runs',
  versions: 'Versions only',
  runs: 'Runs only',
};

/** Texts of a parameter with more values than this are not offered. */
const mostValues = 50;

/** The model, the filter, and what is shown of rows and columns. */
export function toolbar(parts: ToolbarParts): TemplateResult {
  const { data, choices, choose, listing, list } = parts;
  const { view } = data;
  const hasRuns = view.rows.some(({ number }) => number === null);
  return html`<div class="tools">
      <h1>Metrics of ${view.model}</h1>
      ${
        view.models.length < 2
          ? nothing
          : picker('Model', view.models.map(same), view.model, parts.showModel)
      }
      ${
        hasRuns
          ? picker('Rows', shownKinds.map(shownOption), choices.shown, (shown) =>
              choose({ shown: shown as MetricsChoices['shown'] }),
            )
          : nothing
      }
      <span class="spring"></span>
      ${checkbox('Starred only', choices.onlyStarred, (onlyStarred) => choose({ onlyStarred }))}
      ${checkbox('Only parameters that differ', choices.onlyVarying, (onlyVarying) =>
        choose({ onlyVarying }),
      )}
      <vscode-button
        appearance="secondary"
        aria-expanded=${listing ? 'true' : 'false'}
        @click=${() => list(!listing)}
        >Columns</vscode-button
      >
    </div>
    ${view.rows.length === 0 ? nothing : filterField(parts)}
    ${listing ? columnList(parts) : nothing}`;
}

const same = (name: string) => ({ value: name, text: name });
const shownOption = (kind: MetricsChoices['shown']) => ({ value: kind, text: shownTitles[kind] });

function picker(
  label: string,
  options: readonly { readonly value: string; readonly text: string }[],
  value: string,
  pick: (value: string) => void,
) {
  return html`<cairn-picker
    .label=${label}
    .options=${options}
    .value=${value}
    @pick=${({ detail }: PickEvent) => pick(detail)}
  ></cairn-picker>`;
}

function checkbox(title: string, value: boolean, change: (value: boolean) => void) {
  return html`<vscode-checkbox
    .checked=${value}
    @change=${(event: Event) => {
      const { checked } = event.target as CheckboxControl;
      if (checked !== value) change(checked);
    }}
    >${title}</vscode-checkbox
  >`;
}

function filterField({ data, text, wrong, typed }: ToolbarParts) {
  const named = (kind: string) =>
    data.view.columns.filter((column) => column.kind === kind).map(({ key }) => key);
  const vocabulary = {
    metrics: named('metric'),
    parameters: named('parameter'),
    valuesOf: (parameter: string) => valuesOf(data, parameter),
  };
  return html`<cairn-filter-field
    class="filter"
    .value=${text}
    .wrong=${wrong}
    .vocabulary=${vocabulary}
    @filter=${({ detail }: FilterEvent) => typed(detail)}
  ></cairn-filter-field>`;
}

/** The texts of a parameter, as far as it was read; none where there are too many to choose from. */
function valuesOf(data: TableData, parameter: string): string[] {
  const found = new Set<string>();
  for (let place = 0; place < data.rows.length; place++) {
    const value = data.value(place, `parameter:${parameter}`);
    if (typeof value === 'string') found.add(value);
    if (found.size > mostValues) return [];
  }
  return [...found].sort();
}

function columnList({ data, choices, choose }: ToolbarParts) {
  const { arrangement } = choices;
  const columns = everyColumn(data, arrangement, data.view.primary).map((id) => ({
    id,
    title: id.includes(':') ? id.slice(id.indexOf(':') + 1) : id,
    kind: data.columns.get(id)?.kind ?? '',
    shown: !isHidden(id, data, choices),
  }));
  return html`<cairn-column-list
    .columns=${columns}
    @show=${({ detail }: ShowEvent) =>
      choose({ arrangement: withHidden(arrangement, detail.id, !detail.shown) })}
  ></cairn-column-list>`;
}
