import axe from 'axe-core';
import type { FrameLocator } from 'playwright-core';

/** A panel's document: a page of its own, or the frame in which the workbench shows it. */
export type Panel = Pick<
  FrameLocator,
  'getByLabel' | 'getByRole' | 'getByText' | 'getByTitle' | 'locator'
>;

interface Violation {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly html: string }[];
}

/** What axe-core finds serious or critical, by these rules or by all of WCAG 2.1 A and AA. */
export async function barriersIn(
  panel: Panel,
  rules: readonly string[] | null = null,
): Promise<string[]> {
  const only = rules ?? ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'];
  const runOnly = { type: rules === null ? 'tag' : 'rule', values: only };
  const document = panel.locator('html');
  await document.evaluate(`globalThis.axe ?? (() => { ${axe.source} })()`);
  // In the workbench it is the frame around the panel that has the colour behind it.
  await document.evaluate(
    `document.body.style.setProperty('background-color', 'var(--vscode-editor-background)')`,
  );
  const options = JSON.stringify({ runOnly, resultTypes: ['violations'] });
  const found: Violation[] = await document.evaluate(
    `globalThis.axe.run(document, ${options}).then(({ violations }) => violations)`,
  );
  return found
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' | ')}`);
}

/**
 * What is hard to use or to read in any of these themes. `show` brings each before the eyes; what
 * does not depend on colours is looked for in the first.
 */
export async function barriersInThemes<T extends string>(
  panel: Panel,
  themes: readonly T[],
  show: (theme: T) => Promise<void>,
): Promise<string[]> {
  const found: string[] = [];
  for (const [index, theme] of themes.entries()) {
    await show(theme);
    const barriers = await barriersIn(panel, index === 0 ? null : ['color-contrast']);
    found.push(...barriers.map((barrier) => `${theme}: ${barrier}`));
  }
  return found;
}

/** The kind of the focused element and its text, through all shadow roots. */
export function focusedIn(panel: Panel): Promise<string> {
  return panel.locator('html').evaluate(`(() => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    const host = element?.getRootNode().host;
    const named = host?.localName.startsWith('vscode-') ? host : element;
    const name = named.ariaLabel ?? named.labels?.[0]?.textContent ?? named.textContent;
    return named.localName + ' ' + name.trim().replace(/\\s+/g, ' ');
  })()`);
}
