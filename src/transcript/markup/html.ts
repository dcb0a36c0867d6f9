/** Markup that is safe to be put into a page. Only `html` makes it, so there is no way around the escaping. */
class Markup {
  readonly source: string;

  constructor(source: string) {
    this.source = source;
  }
}

export type Html = Markup;

/** What may stand in a hole of a template; texts are escaped, null, undefined and false are nothing. */
export type Child = Html | string | number | null | undefined | false | readonly Child[];

/**
 * A piece of a page: what the source has written is markup, whatever is put into its holes is text, unless it is a piece
 * itself. Attributes are to be quoted in the source; addresses are to come from `linkTarget`.
 */
export function html(template: TemplateStringsArray, ...children: readonly Child[]): Html {
  const parts = partsOf(template);
  let source = parts[0] ?? '';
  for (let at = 0; at < children.length; at++) source += sourceOf(children[at]) + (parts[at + 1] ?? '');
  return new Markup(source);
}

/** By template: its source without the indentation that it has in the program. */
const known = new WeakMap<TemplateStringsArray, readonly string[]>();

function partsOf(template: TemplateStringsArray): readonly string[] {
  let parts = known.get(template);
  if (parts === undefined) {
    parts = template.map((part) => part.replaceAll(/\n\s+/g, '\n'));
    known.set(template, parts);
  }
  return parts;
}

function sourceOf(child: Child): string {
  if (typeof child === 'string') return escapeText(child);
  if (child === null || child === undefined || child === false) return '';
  if (typeof child === 'number') return String(child);
  if (child instanceof Markup) return child.source;
  let source = '';
  for (const part of child) source += sourceOf(part);
  return source;
}

const special = /[&<>"'\0-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]/;
const specials = /[&<>"'\0-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]/g;
const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '\r': '&#13;',
};

/** Control characters that no page may hold become U+FFFD; so do lone surrogates, when the page is encoded. */
function escapeText(text: string): string {
  return special.test(text) ? text.replace(specials, (sign) => entities[sign] ?? '\ufffd') : text;
}
