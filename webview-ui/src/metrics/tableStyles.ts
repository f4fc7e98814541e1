import { css } from 'lit';

/** The grid: its head and its first two columns stay in sight. */
export const metricsTableStyles = css`
  :host {
    display: block;
    position: relative;
    overflow: auto;
    border: 1px solid var(--cairn-line);
  }
  table {
    border-collapse: separate;
    border-spacing: 0;
    min-width: 100%;
  }
  th,
  td {
    padding: 4px 12px;
    text-align: start;
    vertical-align: top;
    font-weight: normal;
    background: var(--vscode-editor-background);
  }
  td,
  thead th {
    white-space: nowrap;
  }
  tbody td {
    max-width: 22em;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  tbody td,
  tbody th {
    border-top: 1px solid var(--cairn-line);
  }
  .number {
    text-align: end;
  }
  thead {
    position: sticky;
    top: 0;
    z-index: 2;
  }
  .groups th,
  .groups td {
    padding-block: 2px 0;
    color: var(--cairn-quiet);
    font-size: 0.92em;
  }
  .group span {
    position: sticky;
    left: 0;
  }
  .group {
    border-inline-start: 1px solid var(--cairn-line);
  }
  thead button {
    display: inline-flex;
    align-items: center;
    gap: 3px;
    max-width: 20em;
    padding: 0;
    border: none;
    background: none;
    color: inherit;
    font: inherit;
    font-weight: 600;
    text-align: inherit;
    cursor: pointer;
  }
  thead button .title {
    overflow: hidden;
    text-overflow: ellipsis;
  }
  thead button:hover .title {
    text-decoration: underline;
  }
  thead button svg.icon {
    width: 13px;
    height: 13px;
  }
  .choose {
    position: sticky;
    left: 0;
    z-index: 1;
    width: 34px;
    min-width: 34px;
    max-width: 34px;
    padding-inline: 10px 6px;
  }
  .version {
    position: sticky;
    left: 34px;
    z-index: 1;
    padding-inline-start: 4px;
  }
  tbody .version {
    min-width: 150px;
    max-width: 300px;
  }
  .name {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0 6px;
  }
  .number-of {
    font-weight: 600;
  }
  .label,
  .description {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .label {
    max-width: 14em;
  }
  tbody tr:hover > * {
    background:
      linear-gradient(var(--vscode-list-hoverBackground), var(--vscode-list-hoverBackground)),
      var(--vscode-editor-background);
  }
  tbody tr[aria-selected='true'] > * {
    background:
      linear-gradient(
        var(--vscode-list-inactiveSelectionBackground, transparent),
        var(--vscode-list-inactiveSelectionBackground, transparent)
      ),
      var(--vscode-editor-background);
    color: var(--vscode-list-inactiveSelectionForeground, var(--vscode-foreground));
  }
  tbody tr[aria-selected='true'] .choose {
    box-shadow: inset 2px 0 0 var(--cairn-focus);
  }
  :focus-visible {
    outline-offset: -1px;
  }
  input[type='checkbox'] {
    appearance: none;
    display: block;
    width: 16px;
    height: 16px;
    margin: 2px 0 0;
    border: 1px solid var(--vscode-checkbox-border, var(--cairn-line));
    border-radius: 3px;
    background: var(--vscode-checkbox-background);
    cursor: pointer;
  }
  input[type='checkbox']:checked::after {
    content: '';
    display: block;
    width: 4px;
    height: 8px;
    margin: 1px auto 0;
    border: solid var(--vscode-checkbox-foreground, var(--vscode-foreground));
    border-width: 0 1.5px 1.5px 0;
    transform: rotate(45deg);
  }
  .actions {
    padding-inline: 4px 8px;
  }
  .action {
    padding: 2px;
    border: none;
    border-radius: 3px;
    background: none;
    color: inherit;
    cursor: pointer;
  }
  .action:hover {
    background: var(--vscode-toolbar-hoverBackground);
    outline: 1px dashed var(--vscode-contrastActiveBorder, transparent);
  }
  .stale {
    font-style: italic;
  }
  @media (max-width: 620px) {
    tbody .version {
      min-width: 0;
      max-width: 150px;
    }
  }
`;
