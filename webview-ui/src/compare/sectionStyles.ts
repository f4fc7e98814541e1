import { css } from 'lit';
import { matrixStyles } from './matrixStyles';

/** What single sections bring: curves, lists, bars and histograms. */
export const sectionStyles = [
  matrixStyles,
  css`
    .spark {
      align-self: center;
      color: var(--vscode-charts-blue);
      vertical-align: middle;
    }
    .curve-tools {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 4px 12px;
      margin: 4px 0;
    }
    .curve-tools cairn-picker {
      min-width: 160px;
    }
    .smoothing {
      display: inline-flex;
      align-items: center;
      gap: 6px;
    }
    .smoothing input {
      width: 110px;
      accent-color: var(--vscode-focusBorder, var(--vscode-contrastActiveBorder));
    }
    .smoothing .figures {
      min-width: 2.6em;
    }
    .picture {
      display: flex;
      flex-wrap: wrap;
      gap: 8px 20px;
    }
    cairn-curve-chart {
      flex: 3 1 420px;
      min-width: 0;
      height: 280px;
    }
    .legend-box {
      flex: 1 1 270px;
      min-width: 0;
      overflow-x: auto;
    }
    .legend button {
      display: inline-flex;
      align-items: center;
      gap: 6px;
      padding: 0;
      border: none;
      background: none;
      color: inherit;
      font: inherit;
      cursor: pointer;
    }
    .legend button.only {
      color: var(--vscode-textLink-foreground);
    }
    .legend .off {
      color: var(--cairn-quiet);
    }
    .legend .off .title {
      text-decoration: line-through;
    }
    .swatch {
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
      margin-top: 4px;
    }
    .verdict {
      margin: 2px 0 6px;
    }
    table.list {
      width: auto;
      min-width: min(100%, 480px);
      margin: 6px 0;
      table-layout: auto;
    }
    table.list th,
    table.list td {
      padding-inline-end: 18px;
    }
    table.list.tensors {
      width: 100%;
    }
    table.tensors td,
    table.tensors td .quiet {
      overflow-wrap: normal;
    }
    table.tensors .link {
      white-space: nowrap;
    }
    table.tensors th[scope='row'] {
      min-width: 160px;
    }
    caption {
      padding: 4px 0;
      text-align: start;
      color: var(--cairn-quiet);
    }
    .bar {
      display: block;
      width: 160px;
      height: 8px;
      color: var(--vscode-charts-blue);
    }
    ul.balance {
      margin: 2px 0;
      padding: 0;
      list-style: none;
    }
    ul.balance li {
      display: flex;
      align-items: center;
      gap: 8px;
    }
    ul.balance .label {
      flex: none;
      width: 5em;
      overflow: hidden;
      white-space: nowrap;
      text-overflow: ellipsis;
    }
    ul.balance .bar {
      flex: 0 1 140px;
      min-width: 20px;
    }
    .weighing {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 12px;
      padding: 6px 0;
    }
    progress {
      width: 200px;
      accent-color: var(--vscode-progressBar-background, var(--vscode-focusBorder));
    }
    .lines {
      margin-inline-start: 10px;
      white-space: nowrap;
    }
    .spread {
      padding: 4px 0 8px;
    }
    .spread svg {
      display: block;
      max-width: 100%;
      border-bottom: 1px solid var(--cairn-line);
    }
    .spread path.after {
      fill: color-mix(in srgb, var(--vscode-charts-blue) 35%, transparent);
      stroke: var(--vscode-charts-blue);
    }
    .spread path.before {
      fill: none;
      stroke: var(--vscode-charts-red);
      stroke-dasharray: 4 2;
    }
    .spread .axis {
      display: flex;
      justify-content: space-between;
      max-width: 480px;
    }
    .spread .key {
      display: inline-block;
      width: 22px;
      margin-inline-end: 8px;
      vertical-align: middle;
      border-top: 2px solid var(--vscode-charts-blue);
    }
    .spread .key.before {
      border-top: 2px dashed var(--vscode-charts-red);
    }
  `,
];
