import { diffWordsWithSpace } from 'diff';
import { html, type Html } from './html.ts';

/** Beyond so many words that differ two texts have nothing in common that helps a reader, and comparing them gets slow. */
const mostChanges = 2_000;

/** What became of a text, word by word; the words are said, too, to those who do not see colours. */
export function wordDiff(before: string, after: string): Html {
  const changes = diffWordsWithSpace(before, after, { maxEditLength: mostChanges });
  if (changes === undefined) return html`${removed(before)}${added(after)}`;
  return html`${changes.map((change) => {
    if (change.removed) return removed(change.value);
    return change.added ? added(change.value) : change.value;
  })}`;
}

function removed(text: string): Html | null {
  return text === '' ? null : html`<del><span class="aside">[removed: </span>${text}<span class="aside">]</span></del>`;
}

function added(text: string): Html | null {
  return text === '' ? null : html`<ins><span class="aside">[added: </span>${text}<span class="aside">]</span></ins>`;
}
