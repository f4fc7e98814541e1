import { html, nothing, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { figure } from '../../../src/core/figures';
import type { MetricsChoices } from '../../../src/wire/metricsChoices';
import { sized } from '../sized';
import { correlations, fewPairs } from './correlations';
import { pairsCsv } from './exporting';
import { type SaveChart, saveButtons } from './saveButtons';
import type { TableData } from './tableData';

interface CorrelationParts {
  readonly data: TableData;
  readonly generation: number;
  readonly shown: readonly number[];
  readonly choose: (change: Partial<MetricsChoices>) => void;
  readonly save: SaveChart;
}

/** How each parameter goes with a metric, as a table in which a name leads to the chart of the two. */
export function correlationSection(
  parts: CorrelationParts,
  metric: string,
  picker: TemplateResult,
): TemplateResult {
  const { data, shown, choose, save } = parts;
  return html`${guard([data, parts.generation, shown, metric], () => {
    const { ranked, left } = correlations(data, shown, metric);
    const numbers = () =>
      pairsCsv(
        ['parameter', 'rank_correlation', 'pairs'],
        ranked.map(({ parameter, rho, pairs }) => [parameter, rho, pairs]),
      );
    const pick = (parameter: string) => choose({ chart: 'scatter', parameter });
    return html`<div class="chart-tools">
        ${picker}
        <span class="quiet">Spearman’s rank correlation of each parameter with ${metric}</span>
        <span class="spring"></span>${saveButtons(`correlation-${metric}`, null, numbers, save)}
      </div>
      ${
        ranked.length === 0
          ? html`<p class="quiet">It takes three rows with a numeric parameter that differs.</p>`
          : correlationTable(ranked, metric, pick)
      }
      ${
        left.length === 0
          ? nothing
          : html`<p class="quiet remarks">
              Not ranked, because they are no numbers or the same everywhere:
              ${left.slice(0, 30).join(', ')}${left.length > 30 ? ', …' : ''}.
            </p>`
      }`;
  })}`;
}

function correlationTable(
  ranked: ReturnType<typeof correlations>['ranked'],
  metric: string,
  pick: (parameter: string) => void,
) {
  return html`<table class="correlations">
    <caption class="hidden">Rank correlation of parameters with ${metric}</caption>
    <thead>
      <tr>
        <th scope="col">Parameter</th>
        <th scope="col" class="number">ρ</th>
        <th scope="col" aria-hidden="true"></th>
        <th scope="col" class="number">Stands on</th>
      </tr>
    </thead>
    <tbody>
      ${ranked.slice(0, 100).map(({ parameter, rho, pairs }) => {
        const size = Math.abs(rho ?? 0) * 50;
        const left = (rho ?? 0) < 0 ? 50 - size : 50;
        return html`<tr>
          <th scope="row">
            <button class="link" title="Show as a chart" @click=${() => pick(parameter)}>
              ${parameter}
            </button>
          </th>
          <td class="number figures">${(Math.round((rho ?? 0) * 100) / 100 + 0).toFixed(2)}</td>
          <td class="track" aria-hidden="true">
            <div ${sized({ left: `${left}%`, width: `${size}%` })}></div>
          </td>
          <td class="number figures">
            ${figure(pairs)} rows${pairs < fewPairs ? html` <span class="quiet">(few)</span>` : nothing}
          </td>
        </tr>`;
      })}
    </tbody>
  </table>`;
}
