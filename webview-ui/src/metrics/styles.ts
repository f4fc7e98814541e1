import { css } from 'lit';

export const metricsStyles = css`
  .page {
    padding: 12px 24px 24px;
  }
  .page > .notice {
    margin-bottom: 10px;
  }
  .tools,
  .curve-tools {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px 14px;
    margin-bottom: 10px;
  }
  h1 {
    overflow-wrap: anywhere;
  }
  .filter {
    flex: 1 1 200px;
    max-width: 420px;
  }
  .filter::part(label) {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
  }
  .spring {
    flex: 1;
  }
  vscode-checkbox {
    margin: 2px 0;
  }
  .table {
    transition: opacity 120ms;
  }
  .table[aria-busy='true'] {
    opacity: 0.6;
  }
  cairn-metrics-table {
    max-height: max(220px, 46vh);
  }
  .below {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 12px;
    min-height: 26px;
    padding-top: 6px;
  }
  .empty {
    padding: 24px 0;
    max-width: 60em;
  }
  .curves {
    margin-top: 18px;
  }
  .curve-tools {
    margin-bottom: 6px;
  }
  .curve-tools cairn-picker {
    min-width: 140px;
    max-width: 320px;
  }
  .picture {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    gap: 16px;
    align-items: start;
  }
  cairn-curve-chart {
    height: 300px;
  }
  .legend-box {
    max-height: 300px;
    max-width: 340px;
    overflow: auto;
    padding: 1px;
  }
  .legend th,
  .legend td {
    white-space: nowrap;
  }
  .legend button {
    display: inline-flex;
    align-items: baseline;
    gap: 6px;
    padding: 0;
    border: none;
    background: none;
    color: inherit;
    font: inherit;
    cursor: pointer;
  }
  .legend button:hover .title {
    text-decoration: underline;
  }
  .legend .off {
    color: var(--cairn-quiet);
  }
  .legend .off .title {
    text-decoration: line-through;
  }
  .swatch {
    align-self: center;
    width: 24px;
    height: 12px;
    flex: none;
  }
  .colour-0 {
    color: var(--vscode-charts-blue);
  }
  .colour-1 {
    color: var(--vscode-charts-green);
  }
  .colour-2 {
    color: var(--vscode-charts-purple);
  }
  .colour-3 {
    color: var(--vscode-charts-red);
  }
  .colour-4 {
    color: var(--vscode-charts-yellow);
  }
  .colour-5 {
    color: var(--vscode-charts-foreground);
  }
  .remarks {
    margin-top: 6px;
  }
  @media (max-width: 720px) {
    .page {
      padding-inline: 14px;
    }
    .picture {
      grid-template-columns: minmax(0, 1fr);
    }
    .legend-box {
      max-width: none;
    }
  }
`;
