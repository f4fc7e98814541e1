import {
  provideVSCodeDesignSystem,
  vsCodeButton,
  vsCodeCheckbox,
  vsCodeDropdown,
  vsCodeOption,
  vsCodeProgressRing,
  vsCodeTextField,
} from '@vscode/webview-ui-toolkit';

/**
 * The one place that knows the toolkit of VS Code's controls: upstream has archived it, so that a
 * successor has to be put in here alone. Registers just the elements that the panels use:
 * `vscode-button`, `vscode-checkbox`, `vscode-dropdown`, `vscode-option`, `vscode-progress-ring`
 * and `vscode-text-field`.
 */
export function registerControls(): void {
  provideVSCodeDesignSystem().register(
    vsCodeButton(),
    vsCodeCheckbox(),
    vsCodeDropdown(),
    vsCodeOption(),
    vsCodeProgressRing(),
    vsCodeTextField(),
  );
}

/** What the panels use of a `vscode-checkbox`. */
export interface CheckboxControl extends HTMLElement {
  checked: boolean;
}

/** What the panels use of a `vscode-dropdown` or a `vscode-text-field`. */
export interface ValueControl extends HTMLElement {
  value: string;
}

/** What the panels use of a `vscode-dropdown`. */
export interface ListControl extends ValueControl {
  /** Those that it knows of: fewer than its elements until it has looked at them. */
  readonly options: readonly unknown[];
}
