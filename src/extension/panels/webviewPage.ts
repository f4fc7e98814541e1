/** What the page of a panel is made of. Addresses as the webview sees them. */
export interface PageParts {
  /** The panel's name: `compare`, `metrics`, `rollback`. */
  readonly panel: string;
  readonly title: string;
  readonly script: string;
  readonly style: string;
  /** Where scripts, styles and fonts may come from. */
  readonly source: string;
  /** Fresh for every page. */
  readonly nonce: string;
  /** What the panel begins with, where it has kept nothing itself. */
  readonly state: unknown;
}

/**
 * The SHA-256 of nothing. The toolkit of controls adds an empty style element for a moment, to see
 * whether the browser knows `:focus-visible`; refused, it would draw its focus on every click.
 */
const emptyStyle = 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=';

/**
 * The page of a panel: nothing but its root, its style and its one script. The policy lets in
 * nothing else: no inline script or style, no connection, no frame, no form.
 */
export function webviewPage(parts: PageParts): string {
  const policy = [
    `default-src 'none'`,
    `img-src ${parts.source} data:`,
    `font-src ${parts.source}`,
    `style-src ${parts.source} '${emptyStyle}'`,
    `script-src 'nonce-${parts.nonce}'`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${attribute(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${attribute(parts.title)}</title>
<link rel="stylesheet" href="${attribute(parts.style)}">
</head>
<body>
<main id="app" data-panel="${attribute(parts.panel)}" data-state="${attribute(JSON.stringify(parts.state))}"></main>
<script nonce="${attribute(parts.nonce)}" src="${attribute(parts.script)}"></script>
</body>
</html>
`;
}

function attribute(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}
