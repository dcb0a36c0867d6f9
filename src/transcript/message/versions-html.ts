import { counted } from '../../model/text/counted.ts';
import { html, type Child, type Html } from '../markup/html.ts';
import { plainHtml } from '../markup/text-html.ts';
import { wordDiff } from '../markup/word-diff.ts';
import type { ArchivedMessage, Deletion } from '../read/archived-message.ts';
import { hasText, type TextVersion } from '../read/text-versions.ts';
import type { PageContext } from './page-context.ts';
import { personHtml } from './person-html.ts';

/** Who deleted a message and when, as far as anybody knows. */
export function deletionHtml(deletion: Deletion | null, { zone, nameOf, runName }: PageContext): Child {
  if (deletion === null) return null;
  const { atMs, by, run } = deletion;
  const when = atMs === null ? html`Deleted; when is not known` : html`Deleted ${zone.both(atMs)}`;
  const who = by === null ? html`, by whom the server does not say` : html` by ${personHtml(by, nameOf(by))}`;
  return html`<p class="note">${when}${who}. Run ${runName(run)} found it gone; this is what it said last.</p>`;
}

/** The edits of a message: every text that is known, each with what changed. */
export function versionsHtml({ row, versions }: ArchivedMessage, context: PageContext): Child {
  const { zone, nameOf } = context;
  const edit =
    row.editedMs === null
      ? null
      : html`Edited
        ${zone.both(row.editedMs)}${row.editedBy === null ? null : html` by ${personHtml(row.editedBy, nameOf(row.editedBy))}`}`;
  const isDropped = !hasText(row) && versions.some(({ text }) => text !== '');
  if (versions.length < 2 && !isDropped) {
    return edit && html`<p class="note">${edit}. What it said before is not in the archive.</p>`;
  }
  const items = versions.map((version, at) => versionItem(version, versions[at - 1], context));
  return html`<details class="versions">
    <summary>
      ${isDropped ? html`The text is in rows of earlier runs: the job drops it now` : (edit ?? html`Changed`)}:
      ${counted(versions.length, 'version')}
    </summary>
    <ol>
      ${items}
    </ol>
  </details>`;
}

function versionItem(
  { text, sinceMs, by, from, run }: TextVersion,
  before: TextVersion | undefined,
  context: PageContext,
): Html {
  const { zone, nameOf, runName } = context;
  const since = sinceMs === null ? 'since a time that is not known' : `since ${zone.both(sinceMs)}`;
  const source = from === 'server' ? html`kept by the server as an earlier version` : html`read by run ${runName(run)}`;
  const author = by === null ? null : html`, by ${personHtml(by, nameOf(by))}`;
  const shown =
    before === undefined ? plainHtml(text) : html`<p class="plain" dir="auto">${wordDiff(before.text, text)}</p>`;
  return html`<li>
    <p class="note">${since}${author}; ${source}</p>
    ${shown}
  </li>`;
}
