import { emojiUnicode } from '../../tables/emoji-unicode.ts';
import { html, type Html } from './html.ts';

/** An emoji as its character, its name on it for those who see no emoji; one of the workspace's own as its name. */
export function emojiHtml(name: string): Html {
  const character = emojiUnicode(name);
  if (character === null || character === name) return html`<span class="emoji">${name}</span>`;
  return html`<span class="emoji" role="img" aria-label="${name}" title="${name}">${character}</span>`;
}
