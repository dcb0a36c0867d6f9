import { messageAnchor } from '../layout/page-names.ts';
import { html, type Child, type Html } from '../markup/html.ts';
import { plainName } from '../markup/plain-name.ts';
import { textHtml } from '../markup/text-html.ts';
import { isEdited, type ArchivedMessage } from '../read/archived-message.ts';
import type { MessageRow } from '../read/message-row.ts';
import { attachmentsHtml } from './attachments-html.ts';
import type { ArticleOptions, PageContext } from './page-context.ts';
import { personHtml } from './person-html.ts';
import { reactionsHtml } from './reactions-html.ts';
import { systemSentence } from './system-sentence.ts';
import { deletionHtml, versionsHtml } from './versions-html.ts';
import { isoTime } from '../text/zoned-time.ts';
import { counted } from '../../model/text/counted.ts';

/** A message as a page shows it: who, when, its number, what it says, and what became of it. */
export function messageArticle(message: ArchivedMessage, context: PageContext, options: ArticleOptions): Html {
  const { row, deletion, id } = message;
  const anchor = messageAnchor(id);
  const number = context.numberOf(id) ?? id;
  const kinds = [
    'message',
    row.isSystem && 'system',
    deletion !== null && 'deleted',
    options.isContext && 'context',
    row.threadId !== null && !options.isInThread && 'reply',
  ].filter((kind) => kind !== false);
  return html`<article class="${kinds.join(' ')}" id="${anchor}" aria-labelledby="${anchor}-by">
    <div class="meta"><a class="number" href="#${anchor}">${number}</a>${timesHtml(message.tsMs, context)}</div>
    <div class="body">
      <p class="by" id="${anchor}-by">
        ${authorHtml(row)}${row.isSystem ? html` ${systemSentence(row)}` : null}${marks(message, options)}
      </p>
      ${threadLine(row, context, options)}${deletionHtml(deletion, context)}${content(message, context)}${versionsHtml(message, context)}${reactionsHtml(row, context)}${threadCount(message, context)}${discussion(row, context)}
    </div>
  </article> `;
}

/** The same moment in the zone of the transcript and in UTC, each with its day: a line may be cited alone. */
function timesHtml(ms: number, { zone }: PageContext): Html {
  const utc = html`<time datetime="${isoTime(ms)}">${zone.utc(ms)}</time>`;
  return zone.isUtc ? utc : html`<span class="local">${zone.local(ms)}</span>${utc}`;
}

function authorHtml({ alias, userName, username, userId }: MessageRow): Html {
  const shown = alias ?? userName ?? username ?? userId;
  if (shown === null) return html`<strong class="author">unknown sender</strong>`;
  const name = html`<strong class="author"><bdi>${plainName(shown)}</bdi></strong>`;
  return username === null || username === shown ? name : html`${name} ${personHtml(username, undefined)}`;
}

function marks(message: ArchivedMessage, { isContext }: ArticleOptions): Child {
  const { row, deletion } = message;
  const words = [
    isContext && 'context',
    row.isBot && 'bot',
    row.isImported && 'imported',
    row.isPinned && 'pinned',
    isEdited(message) && deletion === null && 'edited',
    deletion !== null && 'deleted',
    row.source === 'mentioned_messages' && 'read as a mention',
    row.source === 'message_versions' && 'known from an earlier version only',
  ];
  return words.map((word) => word && html` <span class="mark">${word}</span>`);
}

function threadLine({ threadId }: MessageRow, context: PageContext, { isInThread }: ArticleOptions): Child {
  if (threadId === null || isInThread) return null;
  const root = context.messageLink(threadId);
  const number = context.numberOf(threadId);
  const parent =
    number === null
      ? html`a message that is not in the archive`
      : root === undefined
        ? number
        : html`<a href="${root}">${number}</a>`;
  const page = context.threadLink(threadId);
  return html`<p class="thread">in the thread of ${parent}${page && html` · <a href="${page}">whole thread</a>`}</p>`;
}

function threadCount({ id, row }: ArchivedMessage, context: PageContext): Child {
  if (row.threadCount === 0 && context.threadLink(id) === undefined) return null;
  const count = row.threadCount === 0 ? 'a thread' : counted(row.threadCount, 'reply', 'replies');
  const link = context.threadLink(id);
  return html`<p class="thread">
    ${link === undefined ? html`${count}` : html`<a href="${link}">${count}: whole thread</a>`}
  </p>`;
}

function discussion({ discussionId, discussionCount }: MessageRow, context: PageContext): Child {
  if (discussionId === null) return null;
  const link = context.roomLink(discussionId);
  const words = discussionCount === null ? 'the discussion' : `the discussion, ${counted(discussionCount, 'message')}`;
  return html`<p class="thread">
    ${link === undefined ? html`${words}: not in this transcript` : html`<a href="${link}">${words}</a>`}
  </p>`;
}

function content(message: ArchivedMessage, context: PageContext): Child {
  const { row, deletion } = message;
  const attachments = attachmentsHtml(row, context);
  const text = row.isSystem ? null : textPart(row, attachments === null);
  if (deletion === null) return [text, attachments];
  return text === null && attachments === null ? null : html`<del class="gone">${text}${attachments}</del>`;
}

function textPart(row: MessageRow, isAlone: boolean): Html | null {
  if (row.isEncrypted) {
    return html`<p class="note">End-to-end encrypted: the server, and so the archive, has no plain text of it.</p>`;
  }
  const location = row.location === null ? null : html`<p>A place: <code>${JSON.stringify(row.location)}</code></p>`;
  const text = textHtml(row);
  if (text === null && location === null) {
    return isAlone ? html`<p class="note">${row.msg === null ? 'Without text' : 'An empty message'}</p>` : null;
  }
  return html`<div class="text">${text}${location}</div>`;
}
