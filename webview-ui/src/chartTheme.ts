import { type ChartTheme, lineVariables } from './chartLook';

/** The theme as it is now. */
export function readChartTheme(): ChartTheme {
  const style = getComputedStyle(document.documentElement);
  const value = (...names: string[]) =>
    names
      .map((name) => style.getPropertyValue(`--vscode-${name}`).trim())
      .find((one) => one !== '');
  const text = value('foreground', 'editor-foreground') ?? style.color;
  return {
    text,
    quiet: value('descriptionForeground') ?? text,
    gridLine: value('contrastBorder', 'panel-border', 'editorWidget-border') ?? text,
    background: value('editor-background') ?? style.backgroundColor,
    pointer: value('contrastActiveBorder', 'focusBorder') ?? text,
    tooltipBackground: value('editorHoverWidget-background', 'editor-background') ?? 'transparent',
    tooltipBorder: value('editorHoverWidget-border', 'contrastBorder') ?? text,
    tooltipText: value('editorHoverWidget-foreground') ?? text,
    fontFamily: value('font-family') ?? 'sans-serif',
    fontSize: Number.parseFloat(value('font-size') ?? '') || 13,
    lines: lineVariables.map((name) => style.getPropertyValue(name).trim() || text),
  };
}

/** Tells when VS Code's theme changes; the result stops it. */
export function onThemeChange(listener: () => void): () => void {
  // VS Code writes the variables on the root element and the kind of theme on the body.
  const observer = new MutationObserver(listener);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style'] });
  observer.observe(document.body, { attributes: true, attributeFilter: ['class'] });
  return () => observer.disconnect();
}
