import { html, type Html } from './html.ts';
import { mdHtml } from './md-html.ts';
import { parseMsg } from './parse-msg.ts';

/** What is known of what a message says. */
interface MessageText {
  /** The tree that the server stored, where the archive has it. */
  readonly md: unknown;
  /** The source text. */
  readonly msg: string | null;
  /** What a person would read; all there is where a job dropped the source. */
  readonly text: string | null;
}

/** A message's text as markup: from the server's tree, or from its source, or as plain text. null: it says nothing. */
export function textHtml({ md, msg, text }: MessageText): Html | null {
  if (Array.isArray(md) && md.length > 0) return mdHtml(md);
  const source = msg ?? text;
  // Of apps the words stand in blocks, of which only the text is kept.
  if (source === null || (source === '' && (text ?? '') === '')) return null;
  if (source === '') return plainHtml(text ?? '');
  const tree = msg === null ? null : parseMsg(msg);
  return tree === null ? plainHtml(source) : mdHtml(tree);
}

/** Text as it is, its line feeds kept. */
export function plainHtml(text: string): Html {
  return html`<p class="plain" dir="auto">${text}</p>`;
}
