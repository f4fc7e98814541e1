import { html, type TemplateResult } from 'lit';

/** A picture of 16 by 16 in the text's colour; the word beside it says what it means. */
function icon(path: string, fill: 'none' | 'currentColor' = 'none'): TemplateResult {
  return html`<svg
    class="icon"
    viewBox="0 0 16 16"
    fill=${fill}
    stroke="currentColor"
    stroke-width="1.25"
    stroke-linecap="round"
    stroke-linejoin="round"
    aria-hidden="true"
  >
    <path d=${path}></path>
  </svg>`;
}

export const icons = {
  ascending: icon('M8 13V3.5M4.5 7 8 3.5 11.5 7'),
  better: icon('M3 8.5 6.5 12 13 4.5'),
  chevron: icon('M3.5 6 8 10.5 12.5 6'),
  close: icon('M4 4l8 8M12 4l-8 8'),
  current: icon('M8 3.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9z', 'currentColor'),
  descending: icon('M8 3v9.5M4.5 9 8 12.5 11.5 9'),
  keep: icon('M4.5 7V5a3.5 3.5 0 0 1 7 0v2M3.5 7h9v6.5h-9z'),
  pin: icon('M6 2.5h4M6.8 2.5v4L4.5 9v1h7V9L9.2 6.5v-4M8 10v3.8'),
  pinned: icon('M6 2.5h4M6.8 2.5v4L4.5 9v1h7V9L9.2 6.5v-4M8 10v3.8', 'currentColor'),
  problem: icon(
    'M8 1.8a6.2 6.2 0 1 1 0 12.4A6.2 6.2 0 0 1 8 1.8zM5.7 5.7l4.6 4.6M10.3 5.7l-4.6 4.6',
  ),
  rollBack: icon('M3 3v4h4M3.4 7A5.2 5.2 0 1 1 3 9.5'),
  star: icon('M8 2l1.8 3.8 4.2.6-3 2.9.7 4.1L8 11.4l-3.7 2 .7-4.1-3-2.9 4.2-.6z'),
  starred: icon(
    'M8 2l1.8 3.8 4.2.6-3 2.9.7 4.1L8 11.4l-3.7 2 .7-4.1-3-2.9 4.2-.6z',
    'currentColor',
  ),
  swap: icon('M4 5.5h9M10.5 3 13 5.5 10.5 8M12 10.5H3M5.5 8 3 10.5 5.5 13'),
  warning: icon('M8 2.2l6.2 11.3H1.8zM8 6.5v3.4M8 11.6v.1'),
  worse: icon('M4 4l8 8M12 4l-8 8'),
  zoomIn: icon('M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9zM10.3 10.3 14 14M7 5v4M5 7h4'),
  zoomOut: icon('M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9zM10.3 10.3 14 14M5 7h4'),
} as const;
