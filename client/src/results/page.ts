// The page of the results panel: empty but for its script and style, and with rules that keep what it shows harmless.

/** Where the page's own parts are, as the panel's browser sees them. */
export interface Parts {
  readonly script: string;
  readonly style: string;
  /** The source that the panel's own files come from. */
  readonly source: string;
  readonly nonce: string;
}

/**
 * Nothing is loaded but the panel's own script, style and fonts, and pictures that are in the page already.
 * Styles stand in the text of what objects offer as HTML; they can reach no other place either.
 */
export function rules({ source, nonce }: Pick<Parts, "source" | "nonce">): string {
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${source} 'unsafe-inline'`,
    `font-src ${source}`,
    "img-src data: blob:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

export function page(parts: Parts): string {
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="UTF-8">
<meta http-equiv="Content-Security-Policy" content="${rules(parts)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${parts.style}">
<title>Relive Results</title>
</head>
<body>
<script nonce="${parts.nonce}" src="${parts.script}"></script>
</body>
</html>`;
}
