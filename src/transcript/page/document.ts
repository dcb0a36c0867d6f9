import { html, type Child, type Html } from '../markup/html.ts';

/**
 * What a page of messages may do: show its own style and files of its own folder, nothing else. No script runs, nothing is sent
 * anywhere. `'self'` holds for file:// in Chromium, Firefox and WebKit.
 */
const policy =
  "default-src 'none'; style-src 'self'; img-src 'self'; media-src 'self'; base-uri 'none'; form-action 'none'";

/** The page of the search loads its script and the index, from its own folder. */
const scriptPolicy = `${policy}; script-src 'self'`;

interface DocumentParts {
  readonly title: string;
  /** `''` for pages beside the style sheet, `'../'` for those in a folder. */
  readonly root: '' | '../';
  readonly navigation: Child;
  readonly main: Child;
  /** The only script of the page, from its folder; absent: none may run. */
  readonly script?: string;
}

/** A whole page. */
export function documentText({ title, root, navigation, main, script }: DocumentParts): string {
  const page: Html = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${script === undefined ? policy : scriptPolicy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        <link rel="stylesheet" href="${root}style.css" />
        ${script && html`<script src="${script}" defer></script>`}
      </head>
      <body>
        <a class="skip" href="#main">Skip to the content</a>
        <nav aria-label="Pages">${navigation}</nav>
        <main id="main">${main}</main>
      </body>
    </html> `;
  return page.source;
}
