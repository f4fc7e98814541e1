import { html, type TemplateResult } from 'lit';
import type { ExportFormat } from '../../../src/wire/metricsPanel';

/** Writes a file where the person wants it. */
export type SaveChart = (name: string, format: ExportFormat, content: string) => void;

/** Buttons that export a chart: as a picture in pixels or lines, and as the numbers behind it. */
export function saveButtons(
  name: string,
  picture: ((format: 'png' | 'svg', event: Event) => string | null) | null,
  numbers: () => string,
  save: SaveChart,
): TemplateResult {
  const file = name.replace(/[^\p{L}\p{N}._-]+/gu, '-').slice(0, 80);
  const formats: readonly ExportFormat[] = picture === null ? ['csv'] : ['png', 'svg', 'csv'];
  return html`<span class="exports" role="group" aria-label="Export">
    ${formats.map(
      (format) =>
        html`<button
          class="link"
          title=${`Export as ${format.toUpperCase()}`}
          @click=${(event: Event) => {
            const content = format === 'csv' ? numbers() : picture?.(format, event);
            if (content !== null && content !== undefined) save(file, format, content);
          }}
        >
          ${format.toUpperCase()}
        </button>`,
    )}
  </span>`;
}
