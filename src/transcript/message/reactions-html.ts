import { emojiHtml } from '../markup/emoji-html.ts';
import { html, type Child } from '../markup/html.ts';
import type { MessageRow } from '../read/message-row.ts';
import type { PageContext } from './page-context.ts';
import { personHtml } from './person-html.ts';

/** Who reacted, and how. */
export function reactionsHtml({ reactions }: MessageRow, { nameOf }: PageContext): Child {
  if (reactions.length === 0) return null;
  const items = reactions.map(({ emoji, count, usernames }) => {
    const people = usernames.map((username, at) => [at === 0 ? null : ', ', personHtml(username, nameOf(username))]);
    const unnamed = count - usernames.length;
    return html`<li>
      ${emojiHtml(emoji)} <span class="code">${emoji}</span> ${people}${unnamed > 0 && html` and ${unnamed} more`}
    </li>`;
  });
  return html`<ul class="reactions" aria-label="Reactions">
    ${items}
  </ul>`;
}
