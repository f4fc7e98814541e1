import { registerControls } from './controls';
import './document.css';

/** A panel's own element: it begins with what the page says. */
export interface PanelElement extends HTMLElement {
  given: string | undefined;
}

/** Draws a panel in the page that the extension made. */
export function mount(panel: PanelElement): void {
  registerControls();
  const main = document.querySelector('main') ?? document.body;
  panel.given = main.dataset['state'];
  main.append(panel);
}
