import { html, nothing, type TemplateResult } from 'lit';
import type { Direction } from '../../../src/core/version';
import { lineLook } from '../chartLook';
import { axisName, type CurveLine, summaryOf } from './curveLines';

/**
 * The legend: a button for each line that takes it out of the picture or brings it back, with the
 * last and the best value, so that the picture can be read without seeing it.
 */
export function curveLegend(
  lines: readonly CurveLine[],
  better: Direction | null,
  toggle: (reference: string) => void,
  isolate?: (reference: string) => void,
): TemplateResult {
  return html`<table class="legend">
    <caption class="hidden">The drawn versions with their last and best values</caption>
    <thead>
      <tr>
        <th scope="col">Version</th>
        <th scope="col" class="number">Last</th>
        ${better === null ? nothing : html`<th scope="col" class="number">Best</th>`}
        ${isolate === undefined ? nothing : html`<th scope="col"><span class="hidden">Alone</span></th>`}
      </tr>
    </thead>
    <tbody>
      ${lines.map((line) => {
        const summary = summaryOf(line.curve, better);
        const axis = axisName([line]);
        return html`<tr class=${line.shown ? '' : 'off'}>
          <th scope="row">
            <button
              aria-pressed=${line.shown ? 'true' : 'false'}
              title=${line.shown ? 'Leave out of the picture' : 'Draw again'}
              @click=${() => toggle(line.reference)}
            >
              ${swatch(line)}<span class="title">${line.title}</span>
            </button>
          </th>
          <td class="number figures">${summary?.last ?? 'no number'}</td>
          ${
            better === null
              ? nothing
              : html`<td class="number figures">
                  ${
                    summary === null || summary.best === null
                      ? '–'
                      : html`${summary.best.value}
                          <span class="quiet">${axis === 'time' ? 'at' : axis} ${summary.best.at}</span>`
                  }
                </td>`
          }
          ${
            isolate === undefined
              ? nothing
              : html`<td>
                  <button
                    class="link only"
                    aria-label="Only ${line.title}"
                    title="Draw this one alone, or all again"
                    @click=${() => isolate(line.reference)}
                  >
                    only
                  </button>
                </td>`
          }
        </tr>`;
      })}
    </tbody>
  </table>`;
}

function swatch({ place, shown }: CurveLine) {
  const { colour, dash } = lineLook(place);
  return html`<svg class="swatch colour-${colour}" viewBox="0 0 24 12" aria-hidden="true">
    <line
      x1="1"
      y1="6"
      x2="23"
      y2="6"
      stroke="currentColor"
      stroke-width=${shown ? 2.5 : 1}
      stroke-dasharray=${dash.length === 0 ? 'none' : dash.join(' ')}
    ></line>
  </svg>`;
}
