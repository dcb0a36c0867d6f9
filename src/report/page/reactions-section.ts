import { html, type Child, type Html } from '../../transcript/markup/html.ts';
import { emojiUnicode } from '../../tables/emoji-unicode.ts';
import { emojiHtml } from '../../transcript/markup/emoji-html.ts';
import { plainName } from '../../transcript/markup/plain-name.ts';
import { count, counted } from '../../model/text/counted.ts';
import { barTable } from '../charts/bar-table.ts';
import { numbersTable } from '../charts/numbers-table.ts';
import { shareText } from '../charts/percent.ts';
import { mostFirst } from './most-first.ts';
import type { ReportFacts } from './report-facts.ts';

const shown = 15;
const listed = 500;

/** What they thought of it. */
export function reactionsSection({ messages: { tally } }: ReportFacts): Child {
  const used = [...tally.reactions].filter(([, count]) => count > 0);
  const reactions = mostFirst(used, ([, count]) => count);
  if (reactions.length === 0) return null;
  const total = reactions.reduce((sum, [, count]) => sum + count, 0);
  const named = (emoji: string): Html =>
    emojiUnicode(emoji) === null
      ? html`${plainName(emoji)}`
      : html`${emojiHtml(emoji)} <span class="about">${plainName(emoji)}</span>`;
  return html`<section id="reactions">
    <h2>Reactions</h2>
    <p>${counted(total, 'reaction')} with ${counted(reactions.length, 'different emoji', 'different emoji')}.</p>
    <figure>
      ${barTable({
        label: 'Emoji that people reacted with most',
        columns: ['Emoji', 'Reactions'],
        rows: reactions
          .slice(0, shown)
          .map(([emoji, value]) => ({ name: named(emoji), value, share: shareText(value, total) })),
      })}
      ${
        reactions.length > shown &&
        numbersTable({
          caption: 'All emoji',
          columns: ['Emoji', 'Reactions'],
          rows: reactions.slice(0, listed).map(([emoji, value]) => [named(emoji), count(value)]),
          left: reactions.length - listed,
        })
      }
    </figure>
  </section>`;
}
