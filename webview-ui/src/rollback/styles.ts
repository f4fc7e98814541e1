import { css } from 'lit';

export const rollbackStyles = css`
  .page {
    max-width: 860px;
    margin: 0 auto;
    padding: 20px 24px 12px;
  }
  header {
    margin-bottom: 16px;
  }
  header p {
    margin-top: 4px;
    overflow-wrap: anywhere;
  }
  .notice {
    margin-bottom: 12px;
  }
  fieldset {
    margin: 0 0 16px;
    padding: 0;
    border: none;
    min-width: 0;
  }
  legend {
    padding: 0;
    margin-bottom: 4px;
    font-weight: 600;
    font-size: 1.08em;
  }
  .parts {
    display: grid;
    grid-template-columns: repeat(2, minmax(0, 1fr));
    gap: 0 16px;
  }
  .part-name {
    display: block;
  }
  .part-summary {
    display: block;
    font-size: 0.92em;
  }
  vscode-checkbox {
    align-items: flex-start;
    margin: 4px 0;
  }
  .plan {
    transition: opacity 120ms;
  }
  .plan[aria-busy='true'] {
    opacity: 0.6;
  }
  .plan > section,
  .plan > details {
    margin: 14px 0 0;
  }
  h2 + section {
    margin-top: 6px;
  }
  .plan h3 {
    padding-bottom: 3px;
  }
  .action {
    width: 4.5em;
  }
  .action.delete {
    font-weight: 600;
  }
  .size {
    width: 6em;
    white-space: nowrap;
  }
  th.key {
    width: 40%;
  }
  details td.path {
    width: 45%;
  }
  summary {
    cursor: pointer;
  }
  summary h3 {
    display: inline;
  }
  .more {
    padding: 4px 0;
  }
  .backup {
    display: flex;
    gap: 8px;
    margin-bottom: 10px;
  }
  .backup svg.icon {
    margin-top: 1px;
  }
  footer {
    position: sticky;
    bottom: 0;
    background: var(--vscode-editor-background);
    border-top: 1px solid var(--cairn-line);
  }
  .foot {
    max-width: 860px;
    margin: 0 auto;
    padding: 12px 24px 16px;
  }
  .buttons {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px;
  }
  .spring {
    flex: 1;
  }
  .reason {
    display: block;
    margin-bottom: 10px;
  }
  .progress-words {
    display: flex;
    align-items: center;
    gap: 8px;
    min-height: 26px;
    overflow-wrap: anywhere;
  }
  .progress-words vscode-progress-ring {
    width: 18px;
    height: 18px;
    flex: none;
  }
  progress {
    appearance: none;
    display: block;
    width: 100%;
    height: 4px;
    margin-bottom: 10px;
    border: 1px solid var(--vscode-contrastBorder, transparent);
    background: var(--vscode-scrollbarSlider-background);
  }
  progress::-webkit-progress-bar {
    background: var(--vscode-scrollbarSlider-background);
  }
  progress::-webkit-progress-value {
    background: var(--vscode-progressBar-background);
  }
  @media (max-width: 480px) {
    .parts {
      grid-template-columns: minmax(0, 1fr);
    }
  }
  .done {
    padding: 40px 0;
    text-align: center;
  }
  .done h1 {
    margin-bottom: 8px;
  }
`;
