import { isFileKind } from '../../model/flat-message.ts';
import { isoTime } from '../text/zoned-time.ts';
import { nameForId } from '../layout/page-names.ts';
import { systemText } from '../message/system-sentence.ts';
import type { FileOnPage } from '../read/listed-files.ts';
import type { ArchivedMessage } from '../read/archived-message.ts';
import type { RowAttachment } from '../read/message-row.ts';

/** A message as the manifest of an RSMF file has it. Keys in its order; what is not known is left out. */
export interface RsmfEvent {
  readonly id: string;
  readonly type: 'message' | 'join' | 'leave' | 'unknown';
  readonly parent?: string;
  readonly participant: string;
  readonly conversation: string;
  readonly timestamp: string;
  readonly body: string;
  readonly deleted?: true;
  readonly reactions?: readonly {
    readonly value: string;
    readonly count: number;
    readonly participants: readonly string[];
  }[];
  readonly attachments?: readonly { readonly id: string; readonly display: string; readonly size?: number }[];
  readonly edits?: readonly {
    readonly participant: string;
    readonly timestamp?: string;
    readonly previous: string;
    readonly new: string;
  }[];
  readonly custom: readonly { readonly name: string; readonly value: string }[];
}

/** A file that stands beside the manifest, under its name there. */
export type RsmfFile = { readonly name: string } & (
  | { readonly text: string }
  | {
      readonly path: string;
      readonly sha256: string;
      readonly sizeBytes: number;
      /** By the word of the message. */
      readonly mimeType: string | null;
    }
);

/** What an event has to know of the others. */
export interface RsmfContext {
  readonly numberOf: (messageId: string) => string | null;
  readonly fileOf: (fileId: string) => FileOnPage | undefined;
}

const joins: ReadonlySet<string> = new Set(['uj', 'ut', 'ujt', 'au', 'added-user-to-team']);
const leaves: ReadonlySet<string> = new Set(['ul', 'ult', 'ru', 'removed-user-from-team']);

/** Longer ones are not valid: `maximum` of the published schema. */
const longestReaction = 30;

/** @param isContext whether the message is there for the sake of others */
export function rsmfEvent(
  { id, tsMs, row, versions, deletion }: ArchivedMessage,
  { numberOf, fileOf }: RsmfContext,
  isContext: boolean,
): { readonly event: RsmfEvent; readonly files: readonly RsmfFile[] } {
  const { type, target } = row;
  const kind = eventType(type, row.isSystem);
  const sender = participantId(row.username ?? row.userId);
  // Whom another has added is who joins.
  const participant = kind !== 'message' && kind !== 'unknown' && target !== null ? participantId(target) : sender;
  const edits = versions.slice(1).map(({ text, by, sinceMs }, at) => ({
    participant: participantId(by),
    ...(sinceMs !== null && { timestamp: isoTime(sinceMs) }),
    previous: versions[at]?.text ?? '',
    new: text,
  }));
  const shown = row.attachments.map((attachment, at) => attachmentOf(attachment, `${nameForId(id)}-${at + 1}`, fileOf));
  const attached = shown.flatMap((one) => (one.file === undefined ? [] : [one.file]));
  const custom = [
    { name: 'number', value: numberOf(id) ?? '' },
    { name: 'context', value: isContext ? 'true' : '' },
    { name: 'system message', value: row.isSystem ? (type ?? '') : '' },
    { name: 'alias', value: row.alias ?? '' },
    { name: 'pinned', value: row.isPinned ? 'true' : '' },
    { name: 'deleted at', value: deletion?.atMs == null ? '' : isoTime(deletion.atMs) },
    { name: 'deleted by', value: deletion?.by ?? '' },
    { name: 'thread', value: row.threadId === null ? '' : (numberOf(row.threadId) ?? row.threadId) },
  ].filter(({ value }) => value !== '');
  const body = row.isSystem ? `${sender} ${systemText(row)}` : bodyOf(row.isEncrypted, row.msg ?? row.text ?? '');
  return {
    event: {
      id,
      type: kind,
      ...(row.threadId !== null && { parent: row.threadId }),
      participant,
      conversation: row.roomId,
      timestamp: isoTime(tsMs),
      body: [body, ...shown.flatMap(({ line }) => line)].filter((line) => line !== '').join('\n'),
      ...(deletion !== null && { deleted: true }),
      ...(row.reactions.length > 0 && { reactions: row.reactions.map(reactionOf) }),
      ...(attached.length > 0 && {
        attachments: attached.map(({ id: name, display, size }) => ({
          id: name,
          display,
          ...(size !== null && { size }),
        })),
      }),
      ...(edits.length > 0 && { edits }),
      custom,
    },
    files: attached.map(({ content }) => content),
  };
}

/** Everybody has one, of whom it is unknown who it was, too. */
export function participantId(name: string | null): string {
  return name === null || name === '' ? 'unknown' : name;
}

function eventType(type: string | null, isSystem: boolean): RsmfEvent['type'] {
  if (!isSystem || type === null) return 'message';
  if (joins.has(type)) return 'join';
  return leaves.has(type) ? 'leave' : 'unknown';
}

function bodyOf(isEncrypted: boolean, text: string): string {
  return isEncrypted ? '[end-to-end encrypted: the server, and so the archive, has no plain text of it]' : text;
}

function reactionOf({ emoji, count, usernames }: ArchivedMessage['row']['reactions'][number]) {
  const value = emoji.replaceAll(/^:|:$/g, '').slice(0, longestReaction);
  return { value: value === '' ? '?' : value, count, participants: usernames.map(participantId) };
}

interface Attached {
  readonly id: string;
  readonly display: string;
  readonly size: number | null;
  readonly content: RsmfFile;
}

/** A file; or what else a message shows, as lines of text. @param place tells files without an id apart */
function attachmentOf(
  { kind, title, author, text, fileId, mimeType }: RowAttachment,
  place: string,
  fileOf: RsmfContext['fileOf'],
): { readonly line: readonly string[]; readonly file?: Attached } {
  const line = [author, title, text].filter((part) => part !== null && part !== '').join(': ');
  if (!isFileKind(kind)) return { line: line === '' ? [] : [`> ${line.replaceAll('\n', '\n> ')}`] };
  const listed = fileId === null ? undefined : fileOf(fileId);
  const display = title ?? fileId ?? 'a file without a name';
  const caption = text === null || text === '' ? [] : [text];
  const name = nameForId(fileId ?? place);
  if (listed?.path == null || listed.sha256 === null || listed.sizeBytes === null) {
    const reason = listed === undefined ? 'the archive has no files of messages, or does not list it' : listed.status;
    const content = { name: `${name}-missing.txt`, text: `"${display}" is not in the archive: ${reason}\n` };
    return { line: caption, file: { id: content.name, display, size: null, content } };
  }
  const { path, sha256, sizeBytes } = listed;
  const id = `${name}-${path.slice(path.lastIndexOf('/') + 1)}`;
  return {
    line: caption,
    file: { id, display, size: sizeBytes, content: { name: id, path, sha256, sizeBytes, mimeType } },
  };
}
