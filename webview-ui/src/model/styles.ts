import { css } from 'lit';

export const modelStyles = css`
  :host {
    padding: 16px 20px 32px;
  }
  section {
    margin-top: 20px;
  }
  .verdict {
    border: 1px solid var(--cairn-line);
    border-left-width: 4px;
    margin-top: 12px;
    padding: 8px 12px;
  }
  .verdict.danger {
    border-color: var(--vscode-inputValidation-errorBorder, var(--cairn-line));
  }
  .verdict.warning {
    border-color: var(--vscode-inputValidation-warningBorder, var(--cairn-line));
  }
  .verdict ul,
  .layers {
    margin: 6px 0 0;
    padding-left: 18px;
  }
  .layers {
    list-style: none;
    padding-left: 0;
  }
  .layers li {
    display: flex;
  }
  vscode-text-field {
    margin-top: 6px;
    max-width: 100%;
    width: 320px;
  }
  .pairs th {
    width: 35%;
  }
  .scrolling {
    max-height: 24em;
    overflow: auto;
  }
  table {
    border-collapse: collapse;
    margin-top: 8px;
    width: 100%;
  }
  th,
  td {
    border-bottom: 1px solid var(--cairn-line);
    overflow-wrap: anywhere;
    padding: 3px 8px 3px 0;
    text-align: left;
    vertical-align: top;
  }
  .name {
    background: none;
    border: 0;
    color: var(--vscode-textLink-foreground);
    cursor: pointer;
    font: inherit;
    padding: 0;
    text-align: left;
  }
  .name:focus-visible {
    outline: 1px solid var(--cairn-focus);
  }
  .bars {
    display: block;
    height: 80px;
    width: 320px;
    max-width: 100%;
  }
  .bars rect {
    fill: var(--vscode-charts-blue, currentColor);
  }
`;
