import { css } from 'lit';

/** What all panels share. Every colour is one of VS Code's, so that each theme is followed. */
export const panelStyles = css`
  :host {
    --cairn-line: var(--vscode-contrastBorder, var(--vscode-panel-border, currentColor));
    --cairn-quiet: var(--vscode-descriptionForeground, var(--vscode-foreground));
    --cairn-focus: var(--vscode-contrastActiveBorder, var(--vscode-focusBorder));
    display: block;
    color: var(--vscode-foreground);
    font-family: var(--vscode-font-family);
    font-size: var(--vscode-font-size);
    line-height: 1.45;
  }
  * {
    box-sizing: border-box;
  }
  h1 {
    font-size: 1.5em;
    font-weight: 600;
    line-height: 1.2;
    margin: 0;
  }
  h2 {
    font-size: 1.08em;
    font-weight: 600;
    margin: 0;
  }
  h3 {
    font-size: 1em;
    font-weight: 600;
    margin: 0;
  }
  p {
    margin: 0;
  }
  .quiet {
    color: var(--cairn-quiet);
  }
  .mono {
    font-family: var(--vscode-editor-font-family, monospace);
  }
  .figures {
    font-variant-numeric: tabular-nums;
  }
  .hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    margin: -1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  svg.icon {
    width: 16px;
    height: 16px;
    flex: none;
    vertical-align: text-bottom;
  }
  .better svg.icon {
    color: var(--vscode-charts-green);
  }
  .worse svg.icon {
    color: var(--vscode-charts-red);
  }
  :focus-visible {
    outline: 1px solid var(--cairn-focus);
    outline-offset: 1px;
  }

  .notice {
    display: flex;
    align-items: flex-start;
    gap: 8px;
    padding: 8px 10px;
    border: 1px solid var(--cairn-line);
    border-radius: 2px;
    overflow-wrap: anywhere;
  }
  .notice > .words {
    flex: 1;
    min-width: 0;
  }
  .notice.problem {
    background: var(--vscode-inputValidation-errorBackground);
    border-color: var(--vscode-inputValidation-errorBorder);
    color: var(--vscode-inputValidation-errorForeground, var(--vscode-foreground));
  }
  .notice.warning {
    background: var(--vscode-inputValidation-warningBackground);
    border-color: var(--vscode-inputValidation-warningBorder);
    color: var(--vscode-inputValidation-warningForeground, var(--vscode-foreground));
  }
  .waiting {
    display: flex;
    align-items: center;
    gap: 10px;
    padding: 24px 0;
    color: var(--cairn-quiet);
  }

  .mark {
    display: inline-flex;
    align-items: center;
    gap: 3px;
    padding: 0 6px;
    border-radius: 9px;
    border: 1px solid var(--vscode-contrastBorder, transparent);
    background: var(--vscode-badge-background);
    color: var(--vscode-badge-foreground);
    font-size: 11px;
    font-weight: normal;
    line-height: 16px;
    white-space: nowrap;
  }
  .mark svg.icon {
    width: 11px;
    height: 11px;
    align-self: center;
  }

  button.link {
    padding: 0;
    border: none;
    background: none;
    color: var(--vscode-textLink-foreground);
    font: inherit;
    text-align: start;
    cursor: pointer;
    overflow-wrap: anywhere;
  }
  .notice button.link {
    color: inherit;
    text-decoration: underline;
  }
  button.link:hover {
    color: var(--vscode-textLink-activeForeground);
    text-decoration: underline;
  }

  @media (prefers-reduced-motion: reduce) {
    * {
      animation: none !important;
      transition: none !important;
    }
  }
`;

/** Tables of keys and values. */
export const tableStyles = css`
  table {
    width: 100%;
    border-collapse: collapse;
  }
  th,
  td {
    padding: 4px 12px 4px 0;
    text-align: start;
    vertical-align: baseline;
    font-weight: normal;
    overflow-wrap: anywhere;
  }
  th:last-child,
  td:last-child {
    padding-inline-end: 0;
  }
  thead th {
    color: var(--cairn-quiet);
    white-space: nowrap;
  }
  tbody tr {
    border-top: 1px solid var(--cairn-line);
  }
  td.number,
  th.number {
    text-align: end;
  }
`;
