import { html, type Html } from '../markup/html.ts';
import { plainHtml } from '../markup/text-html.ts';
import type { Names } from '../read/names.ts';
import type { RsmfEvent, RsmfFile } from '../rsmf/rsmf-event.ts';
import { bytesText } from '../text/bytes-text.ts';

/** A message as a mail shows it. */
export interface MailEntry {
  readonly number: string;
  readonly at: string;
  readonly who: string;
  /** `deleted`, `pinned`. */
  readonly marks: readonly string[];
  readonly body: string;
  /** A line each: files, reactions, earlier versions. */
  readonly notes: readonly string[];
}

/** @param files of the unit, by name */
export function mailEntry(event: RsmfEvent, files: ReadonlyMap<string, RsmfFile>, names: Names): MailEntry {
  const { participant, timestamp, body, deleted, reactions = [], attachments = [], edits = [] } = event;
  const custom = new Map(event.custom.map(({ name, value }) => [name, value]));
  const person = (id: string): string => {
    const name = names.user(id);
    return name === undefined || name === id ? id : `${name} (${id})`;
  };
  const thread = custom.get('thread');
  const [deletedAt, deletedBy] = [custom.get('deleted at'), custom.get('deleted by')];
  const deletion = ['deleted', deletedAt, deletedBy === undefined ? undefined : `by ${person(deletedBy)}`];
  const marks = [
    deleted === true && deletion.filter((word) => word !== undefined).join(' '),
    custom.has('context') && 'context',
    custom.has('pinned') && 'pinned',
    edits.length > 0 && 'edited',
    custom.has('alias') && `as "${custom.get('alias') ?? ''}"`,
    thread !== undefined && `in the thread of ${thread}`,
  ];
  return {
    number: custom.get('number') ?? '',
    at: timestamp,
    who: person(participant),
    body,
    marks: marks.filter((mark) => mark !== false),
    notes: [
      ...attachments.map(({ id, display }) => fileNote(display, files.get(id))),
      ...reactions.map(
        ({ value, count, participants }) => `reaction ${value} (${count}): ${participants.map(person).join(', ')}`,
      ),
      ...edits.map(
        ({ participant: by, timestamp: since, previous }) =>
          `before it was changed by ${person(by)}${since === undefined ? '' : ` at ${since}`}: ${previous}`,
      ),
    ],
  };
}

function fileNote(display: string, file: RsmfFile | undefined): string {
  if (file === undefined) return `file "${display}": in the mail of its own day`;
  if ('text' in file) return `file ${file.text.trimEnd()}`;
  return `file "${display}", ${bytesText(file.sizeBytes)}, SHA-256 ${file.sha256}: attached as ${file.name}`;
}

/** As plain text, a head and what is below it. */
export function entryText({ number, at, who, marks, body, notes }: MailEntry): string {
  const head = [number, at, who, ...marks.map((mark) => `[${mark}]`)].filter((word) => word !== '').join('  ');
  return [head, body, ...notes.map((note) => `  [${note.replaceAll('\n', '\n   ')}]`)]
    .filter((line) => line !== '')
    .map((line) => `${line}\n`)
    .join('');
}

export function entryHtml({ number, at, who, marks, body, notes }: MailEntry): Html {
  const isGone = marks.some((mark) => mark.startsWith('deleted'));
  const text = body === '' ? null : isGone ? html`<del>${plainHtml(body)}</del>` : plainHtml(body);
  return html`<div class="message">
    <p>
      <b><bdi>${who}</bdi></b> <time datetime="${at}">${at}</time> ${number}
      ${marks.map((mark) => html` <i>${mark}</i>`)}
    </p>
    ${text}${notes.map((note) => html`<p class="note plain">${note}</p>`)}
  </div> `;
}
