import { css } from 'lit';

export const metricsStyles = css`
  .page {
    padding: 12px 24px 24px;
  }
  .page > .notice {
    margin-bottom: 10px;
  }
  .tools,
  .chart-tools {
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
    display: block;
    margin-bottom: 10px;
  }
  .spring {
    flex: 1;
  }
  vscode-checkbox {
    margin: 2px 0;
  }
  cairn-metrics-table {
    height: clamp(200px, 48vh, 620px);
    max-height: calc(var(--rows) * 44px + 64px);
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
  .charts {
    margin-top: 16px;
    border-top: 1px solid var(--cairn-line);
  }
  .tabs {
    display: flex;
    flex-wrap: wrap;
    gap: 2px 18px;
    margin-bottom: 10px;
  }
  .tabs button {
    padding: 7px 0 5px;
    border: none;
    border-bottom: 2px solid transparent;
    background: none;
    color: var(--vscode-panelTitle-inactiveForeground, var(--cairn-quiet));
    font: inherit;
    cursor: pointer;
  }
  .tabs button[aria-selected='true'] {
    border-bottom-color: var(--vscode-panelTitle-activeBorder, var(--cairn-focus));
    color: var(--vscode-panelTitle-activeForeground, var(--vscode-foreground));
  }
  .chart-tools {
    margin-bottom: 6px;
  }
  .chart-tools cairn-picker {
    min-width: 140px;
    max-width: 320px;
  }
  .exports {
    display: inline-flex;
    gap: 10px;
  }
  .ranges {
    display: flex;
    flex-wrap: wrap;
    align-items: end;
    gap: 6px 12px;
  }
  .ranges fieldset {
    display: flex;
    gap: 4px;
    min-width: 0;
    margin: 0;
    padding: 0;
    border: none;
  }
  .ranges legend {
    max-width: 150px;
    padding: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    color: var(--cairn-quiet);
  }
  .ranges input,
  .ranges select {
    width: 70px;
    height: 22px;
    padding: 1px 4px;
    border: 1px solid var(--vscode-input-border, var(--cairn-line));
    background: var(--vscode-input-background);
    color: var(--vscode-input-foreground);
    font: inherit;
  }
  .ranges select {
    width: auto;
    max-width: 144px;
  }
  .correlations {
    width: auto;
    min-width: min(560px, 100%);
  }
  .correlations td.track {
    position: relative;
    width: 220px;
    min-width: 120px;
    border-inline: 1px solid var(--cairn-line);
  }
  .correlations .track div {
    position: absolute;
    inset-block: 7px;
    background: var(--vscode-charts-blue);
  }
  .correlations td,
  .correlations th {
    padding-inline: 0 14px;
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
