import { css, unsafeCSS } from 'lit';

/** The more, the stronger: shades from 1 to 8 of a colour that leaves the figures readable. */
function shades(name: string, colour: string): string {
  return Array.from({ length: 8 }, (_, index) => {
    const mix = `color-mix(in srgb, var(--vscode-charts-${colour}) ${(index + 1) * 4}%, transparent)`;
    return `td.${name}-${index + 1} { background: ${mix}; }`;
  }).join('\n');
}

/** Confusion matrices side by side. */
export const matrixStyles = css`
  .matrices {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 28px;
    margin: 6px 0;
  }
  table.matrix {
    width: auto;
    table-layout: auto;
  }
  table.matrix th,
  table.matrix td {
    min-width: 26px;
    padding: 2px 5px;
    text-align: center;
  }
  table.matrix th {
    max-width: 90px;
    overflow: hidden;
    color: var(--cairn-quiet);
    white-space: nowrap;
    text-overflow: ellipsis;
  }
  table.matrix tbody tr {
    border-top: none;
  }
  table.matrix td {
    border: 1px solid var(--cairn-line);
  }
  ${unsafeCSS(shades('heat', 'blue'))}
  ${unsafeCSS(shades('good', 'green'))}
  ${unsafeCSS(shades('bad', 'red'))}
`;
