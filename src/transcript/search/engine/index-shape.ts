/**
 * An index as it lies in the folder `search` of a transcript: scripts that hand their data to a function of the page, since
 * pages of a folder may load scripts and nothing else. Documented in docs/transcript.md.
 */
export interface IndexDirectory {
  readonly version: 1;
  /** Newest link of the archive that it was made of. */
  readonly link: number;
  /** Of that link's manifest. */
  readonly sha256: string;
  /** Of the pages: its days are the days of the search. */
  readonly zone: string;
  /** Before the numbers of messages. */
  readonly prefix: string;
  readonly messages: number;
  readonly rooms: readonly IndexRoom[];
  /** Oldest first; the messages of one are all sent before those of the next. */
  readonly segments: readonly IndexSegment[];
}

export type IndexRoom = readonly [id: string, folder: string, title: string, name: string];

export interface IndexSegment {
  readonly messages: number;
  /** By shard of words: the first word in it, in the order of code units. */
  readonly words: readonly string[];
  /** By shard of texts: which message of the segment is the first in it, and when that was sent (epoch milliseconds). */
  readonly texts: readonly (readonly [first: number, sentMs: number])[];
}

/** A message as a shard of texts has it. */
export type IndexedMessage = readonly [
  id: string,
  /** The page in the folder of its room: `2026-03.html`. */
  page: string,
  /** Its place in the page, where that is not `m-` and the id. */
  anchor: string,
  number: number,
  /** Index in the directory's list. */
  room: number,
  userId: string,
  username: string,
  /** As it is shown. */
  author: string,
  sentMs: number,
  state: MessageState,
  /** What it says now, or said last; names and texts of its attachments, line by line. */
  text: string,
  /** What it said before, line by line. */
  earlier: string,
];

/** What became of a message; empty: nothing. */
export type MessageState = '' | 'edited' | 'deleted';

/** The function that a shard's script calls; `index` is that of the directory. */
export const shardCalls = { index: 'searchIndex', words: 'searchWords', texts: 'searchTexts' } as const;

export const directoryFile = 'index.js';

export function wordsFile(segment: number, shard: number): string {
  return `words-${segment}-${shard}.js`;
}

export function textsFile(segment: number, shard: number): string {
  return `texts-${segment}-${shard}.js`;
}

/** In terms: a space ends one. */
const space = '\u001f';

/** Terms that are no words of a text: nothing that is searched for as one has a colon. */
export function roomTerm(roomId: string): string {
  return `in:${roomId.replaceAll(' ', space)}`;
}

/** Whether a term, or that of a line of a shard of words, is one of these: it stands among the words that begin like it. */
export function isOfNoText(termOrLine: string): boolean {
  return termOrLine.includes(':');
}

/** @param user id or username */
export function userTerm(user: string): string {
  return `from:${user.toLowerCase().replaceAll(' ', space)}`;
}

/** Where a message stands, seen from the folder of the transcript. */
export function placeOf([id, page, anchor, , room]: IndexedMessage, { rooms }: Pick<IndexDirectory, 'rooms'>): string {
  return `${rooms[room]?.[1] ?? ''}/${page}#${anchor === '' ? `m-${id}` : anchor}`;
}
