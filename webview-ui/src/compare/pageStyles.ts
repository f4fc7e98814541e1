import { css } from 'lit';

/** The header, the page and the tables of sides. */
export const pageStyles = css`
  header {
    position: sticky;
    top: 0;
    z-index: 2;
    padding: 12px 24px;
    background: var(--vscode-editor-background);
    border-bottom: 1px solid var(--cairn-line);
  }
  .sides {
    display: flex;
    flex-wrap: wrap;
    align-items: flex-end;
    gap: 8px;
  }
  .side {
    flex: 1 1 220px;
    min-width: 0;
    max-width: 420px;
  }
  .side-name {
    display: flex;
    justify-content: space-between;
    align-items: baseline;
    gap: 8px;
    margin-bottom: 2px;
    font-size: 0.92em;
  }
  .side-row {
    display: flex;
    gap: 4px;
  }
  .side-row cairn-search-picker {
    flex: 1;
  }
  .baseline {
    padding: 2px 5px;
    border: none;
    border-radius: 3px;
    background: none;
    color: inherit;
    line-height: 0;
    cursor: pointer;
  }
  .baseline:hover {
    background: var(--vscode-toolbar-hoverBackground);
    outline: 1px dashed var(--vscode-contrastActiveBorder, transparent);
  }
  .tools {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 16px;
    margin-top: 8px;
  }
  .tools vscode-checkbox {
    margin: 2px 0;
  }
  .spring {
    flex: 1;
  }
  input.filter {
    flex: 0 1 240px;
    min-width: 120px;
    height: 26px;
    padding: 0 8px;
    border: 1px solid var(--vscode-input-border, var(--vscode-dropdown-border, transparent));
    border-radius: 2px;
    background: var(--vscode-input-background);
    color: var(--vscode-input-foreground);
    font: inherit;
  }
  input.filter::placeholder {
    color: var(--vscode-input-placeholderForeground, var(--cairn-quiet));
    opacity: 1;
  }
  nav {
    display: flex;
    flex-wrap: wrap;
    gap: 2px 14px;
    margin-top: 8px;
    font-size: 0.92em;
  }
  .page {
    padding: 8px 24px 32px;
    transition: opacity 120ms;
  }
  .page[aria-busy='true'] {
    opacity: 0.6;
  }
  .page > .notice {
    margin: 12px 0;
  }
  section {
    margin-top: 22px;
    scroll-margin-top: calc(var(--cairn-header, 0px) + 8px);
  }
  section > h2:focus {
    outline: none;
  }
  section > h2:focus-visible {
    outline: 1px solid var(--cairn-focus);
  }
  h4 {
    margin: 10px 0 2px;
    font-weight: 600;
    overflow-wrap: anywhere;
  }
  section > h2 {
    margin-bottom: 4px;
  }
  .story h3 {
    margin: 6px 0 2px;
    color: var(--cairn-quiet);
    font-weight: normal;
  }
  .story ul {
    margin: 0;
    padding: 0;
    list-style: none;
    font-size: 1.15em;
    line-height: 1.5;
    overflow-wrap: anywhere;
  }
  .story li {
    display: inline;
  }
  .story li:not(:last-child)::after {
    content: ' · ';
    color: var(--cairn-quiet);
  }
  .scroll {
    position: relative;
    overflow-x: auto;
  }
  table {
    table-layout: fixed;
  }
  .sides-4 {
    min-width: 600px;
  }
  .sides-5 {
    min-width: 720px;
  }
  .sides-6 {
    min-width: 840px;
  }
  tbody th {
    overflow-wrap: anywhere;
  }
  tr.same td,
  tr.same th {
    color: var(--cairn-quiet);
  }
  td.changed {
    font-weight: 600;
  }
  tr.group th {
    padding-top: 10px;
    color: var(--cairn-quiet);
  }
  .key {
    display: flex;
  }
  .key > span:last-child {
    min-width: 0;
  }
  .differs {
    flex: none;
    width: 1.4em;
  }
  .key .mark {
    vertical-align: middle;
  }
  .parts {
    display: flex;
    flex-wrap: wrap;
    gap: 0 10px;
  }
  .delta,
  .better,
  .worse {
    white-space: nowrap;
  }
  .news {
    font-weight: 600;
  }
  .digest {
    font-size: 0.92em;
    line-height: 1.55;
  }
  .status {
    display: inline-block;
    min-width: 5.2em;
    margin-inline-end: 8px;
  }
  h3.of:not(:nth-of-type(1)) {
    margin-top: 14px;
  }
  .more {
    padding: 4px 0;
    border-top: 1px solid var(--cairn-line);
  }
  ul.code {
    margin: 0 0 10px;
    padding: 0;
    list-style: none;
  }
  ul.code li {
    padding: 3px 0;
    overflow-wrap: anywhere;
  }
  @media (max-width: 500px) {
    header {
      position: static;
    }
    header,
    .page {
      padding-inline: 14px;
    }
  }
`;
