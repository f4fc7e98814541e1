import { css } from 'lit';
import { actionsWidth, headHeight, leadWidth, rowHeight } from './gridWindow';

const pixels = (value: number) => css`${value}px`;

/** The grid: its head and its first columns stay in sight. */
export const metricsTableStyles = css`
  :host {
    display: block;
    position: relative;
    border: 1px solid var(--cairn-line);
  }
  .scroller {
    height: 100%;
    overflow: auto;
    contain: strict;
  }
  .scroller:focus {
    outline: none;
  }
  .head {
    position: sticky;
    top: 0;
    z-index: 3;
  }
  .row {
    display: flex;
    height: ${pixels(rowHeight)};
  }
  .head .row {
    height: ${pixels(headHeight)};
  }
  .row > [role] {
    flex: none;
    overflow: hidden;
    padding: 3px 10px;
    border-bottom: 1px solid var(--cairn-line);
    background: var(--vscode-editor-background);
    white-space: nowrap;
    text-overflow: ellipsis;
    line-height: ${pixels(rowHeight - 8)};
  }
  .row > [role='presentation'] {
    padding: 0;
  }
  .sticky {
    position: sticky;
    z-index: 1;
  }
  .number {
    text-align: end;
  }
  .head .row > [role] {
    position: relative;
    line-height: 1.35;
    cursor: pointer;
    user-select: none;
  }
  .head .row > .sticky {
    position: sticky;
    z-index: 2;
  }
  .title {
    display: flex;
    align-items: center;
    gap: 3px;
    font-weight: 600;
  }
  .number .title {
    justify-content: flex-end;
  }
  .title .name {
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .title svg.icon {
    width: 13px;
    height: 13px;
  }
  .caption {
    overflow: hidden;
    text-overflow: ellipsis;
    color: var(--cairn-quiet);
    font-size: 0.85em;
  }
  .grip {
    position: absolute;
    inset-block: 4px;
    right: 0;
    width: 7px;
    border-right: 2px solid var(--cairn-line);
    cursor: col-resize;
    touch-action: none;
  }
  .grip:hover {
    border-color: var(--cairn-focus);
  }
  .row > .choose {
    left: 0;
    width: 34px;
    padding: 12px 6px 0 10px;
    line-height: 1.2;
  }
  .row > .version {
    left: 34px;
    width: ${pixels(leadWidth - 34)};
    padding-inline-start: 2px;
    line-height: 1.35;
    border-inline-end: 1px solid var(--cairn-line);
  }
  .first {
    display: flex;
    align-items: center;
    gap: 5px;
    min-width: 0;
  }
  .number-of {
    font-weight: 600;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .label {
    /* The number is what a version is called by: it gives way last. */
    flex-shrink: 1000;
  }
  .label,
  .description {
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .description {
    padding-inline-start: 21px;
  }
  .editor {
    display: grid;
    gap: 1px;
  }
  .editor input {
    width: 100%;
    height: 18px;
    padding: 0 4px;
    border: 1px solid var(--vscode-input-border, var(--cairn-line));
    background: var(--vscode-input-background);
    color: var(--vscode-input-foreground);
    font: inherit;
    font-size: 0.92em;
  }
  .star,
  .action {
    padding: 2px;
    border: none;
    border-radius: 3px;
    background: none;
    color: inherit;
    line-height: 0;
    cursor: pointer;
  }
  .star svg.icon {
    width: 13px;
    height: 13px;
  }
  .star[aria-pressed='false'] {
    color: var(--cairn-quiet);
  }
  .star:hover,
  .action:hover {
    background: var(--vscode-toolbar-hoverBackground);
    outline: 1px dashed var(--vscode-contrastActiveBorder, transparent);
  }
  .row > .actions {
    width: ${pixels(actionsWidth)};
    padding: 11px 8px 0;
    line-height: 1;
  }
  .row:hover > [role] {
    background:
      linear-gradient(var(--vscode-list-hoverBackground), var(--vscode-list-hoverBackground)),
      var(--vscode-editor-background);
  }
  .head .row:hover > [role] {
    background: var(--vscode-editor-background);
  }
  .row[aria-selected='true'] > [role] {
    background:
      linear-gradient(
        var(--vscode-list-inactiveSelectionBackground, transparent),
        var(--vscode-list-inactiveSelectionBackground, transparent)
      ),
      var(--vscode-editor-background);
    color: var(--vscode-list-inactiveSelectionForeground, var(--vscode-foreground));
  }
  .row[aria-selected='true'] .choose {
    box-shadow: inset 2px 0 0 var(--cairn-focus);
  }
  .scroller:focus-visible .active,
  .scroller:focus .active {
    outline: 1px solid var(--cairn-focus);
    outline-offset: -1px;
  }
  input[type='checkbox'] {
    appearance: none;
    display: block;
    width: 16px;
    height: 16px;
    margin: 0;
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
  .stale {
    font-style: italic;
  }
  @media (max-width: 620px) {
    .row > .version {
      position: relative;
      left: 0;
    }
  }
`;
