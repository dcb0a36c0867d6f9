import { resolve } from 'node:path';
import { UsageError } from '../errors.ts';
import { expectArchive } from '../archive/expect-archive.ts';
import { archivePaths } from '../archive/paths.ts';
import { expectUsers } from '../snapshot/selection/expect-users.ts';
import type { Disk } from '../system/disk.ts';
import { systemSurroundings } from '../system/system-surroundings.ts';
import { excerptOf, type Excerpt } from './search/engine/excerpt.ts';
import { findMessages } from './search/engine/find-messages.ts';
import { placeOf, userTerm, type IndexedMessage, type MessageState } from './search/engine/index-shape.ts';
import { parseQuery, type SearchQuery } from './search/engine/search-query.ts';
import { openIndex, type StoredIndex } from './search/read/stored-index.ts';
import { searchRows } from './search/read/search-rows.ts';
import type { TranscriptRequest } from './transcript-request.ts';

/** Where to search, how it is followed, and what replaces the real disk. */
export interface SearchOptions extends Pick<TranscriptRequest, 'rooms' | 'selection'> {
  /** Aborting it ends the search; its reason is thrown. */
  readonly signal?: AbortSignal;
  /** Rows read, where there is no index: each is read twice. */
  readonly onRows?: (rows: number, of: number) => void;
  readonly disk?: Disk;
}

/** A message that has the words. */
export interface FoundMessage {
  readonly messageId: string;
  /** The one that transcripts give it. */
  readonly number: number;
  readonly roomId: string;
  readonly roomTitle: string;
  readonly username: string | null;
  readonly author: string;
  /** ISO 8601, UTC. */
  readonly sentAt: string;
  readonly state: MessageState;
  readonly text: string;
  /** Where it stands, from the archive's folder on; null: there is no transcript. */
  readonly place: string | null;
  readonly excerpt: Excerpt;
}

/** What a search came to. */
export interface ArchiveSearch {
  /** Whether the index of the archive's transcript was asked, or the rows were read. */
  readonly source: 'index' | 'rows';
  /** Whether a beginning of a word was too common for all words to be looked at that begin so. */
  readonly isCapped: boolean;
  /** Rows that could not be looked at, in sentences; the index's transcript has its own. */
  readonly notes: readonly string[];
  /** Newest first. */
  readonly messages: AsyncIterable<FoundMessage>;
}

/**
 * Looks for messages by their words, newest first: in the index of the archive's own transcript where it is there and of
 * the newest run, else in the rows. The index is made of the rows, but no manifest vouches for it.
 *
 * @param words all must be in the message; the last may be the beginning of one, and so may each with `*` behind it; what is
 *   quoted must stand as it is
 * @throws UsageError when there is no archive, no word, or a room or user that it does not have; OutputError for a damaged index;
 *   DifferenceError for a file that is not what its manifest says
 */
export async function searchArchive(
  archive: string,
  words: string,
  options: SearchOptions = {},
): Promise<ArchiveSearch> {
  const { disk = systemSurroundings().disk } = options;
  const folder = resolve(archive);
  await expectArchive(disk, folder, 'search');
  const index = await openIndex(disk, folder);
  return index === undefined ? inRows(disk, folder, words, options) : inIndex(disk, folder, index, words, options);
}

async function inIndex(
  disk: Disk,
  folder: string,
  { directory, reader }: StoredIndex,
  words: string,
  options: SearchOptions,
): Promise<ArchiveSearch> {
  const { rooms } = directory;
  const query = queryOf(words, options, (word) =>
    rooms.filter(([id, , title, name]) => [id, title, name].includes(word)).map(([id]) => id),
  );
  const unknown: string[] = [];
  for (const user of options.selection?.users ?? []) {
    const anything = { groups: [[{ term: userTerm(user), isPrefix: false }]], phrases: [] };
    const sent = await findMessages(directory, reader, { ...anything, sinceMs: -Infinity, untilMs: Infinity });
    if (sent.most === 0) unknown.push(user);
  }
  await expectUsers(disk, folder, unknown);
  const found = await findMessages(directory, reader, query);
  return {
    source: 'index',
    isCapped: found.isCapped,
    notes: [],
    messages: (async function* () {
      for await (const message of found.messages) {
        options.signal?.throwIfAborted();
        const [roomId = '', , roomTitle = ''] = rooms[message[4]] ?? [];
        yield foundMessage(
          message,
          { roomId, roomTitle },
          `${archivePaths.transcript}/${placeOf(message, directory)}`,
          query,
        );
      }
    })(),
  };
}

async function inRows(disk: Disk, folder: string, words: string, options: SearchOptions): Promise<ArchiveSearch> {
  const { names, query, found, notes } = await searchRows(
    disk,
    folder,
    queryOf(words, {}, () => []),
    async (known) => {
      // As the index has them, whatever their case.
      const senders = new Set([...known.senders].map(userTerm));
      const unknown = [...(options.selection?.users ?? [])].filter((user) => !senders.has(userTerm(user)));
      await expectUsers(disk, folder, unknown);
      return queryOf(words, options, (word) => known.roomsCalled(word));
    },
    (rows, of) => {
      options.signal?.throwIfAborted();
      options.onRows?.(rows, of);
    },
  );
  return {
    source: 'rows',
    isCapped: false,
    notes,
    messages: (async function* () {
      for (const { message, roomId } of found) {
        yield await Promise.resolve(
          foundMessage(message, { roomId, roomTitle: names.room(roomId).title }, null, query),
        );
      }
    })(),
  };
}

/** @param roomsCalled ids by id, name or title */
function queryOf(
  words: string,
  { rooms, selection }: SearchOptions,
  roomsCalled: (word: string) => readonly string[],
): SearchQuery {
  const { users, sinceMs, untilMs } = selection ?? {};
  const roomIds = (rooms ?? []).flatMap((word) => {
    const ids = roomsCalled(word);
    if (ids.length > 0) return ids;
    throw new UsageError(`Cannot find the room "${word}" in the archive, expected the id, name or title of one`, {
      hint: '`state show` of the archive lists them',
    });
  });
  const query = parseQuery(words, {
    ...(rooms !== undefined && { roomIds }),
    ...(users !== undefined && { users: [...users] }),
    ...(sinceMs !== undefined && { sinceMs }),
    ...(untilMs !== undefined && { untilMs }),
  });
  if (query !== undefined) return query;
  throw new UsageError(`Cannot search for "${words}": there is no letter and no digit in it, expected a word`);
}

function foundMessage(
  message: IndexedMessage,
  room: Pick<FoundMessage, 'roomId' | 'roomTitle'>,
  place: string | null,
  query: SearchQuery,
): FoundMessage {
  const [messageId, , , number, , , username, author, sentMs, state, text] = message;
  return {
    messageId,
    number,
    ...room,
    username: username === '' ? null : username,
    author,
    sentAt: new Date(sentMs).toISOString(),
    state,
    text,
    place,
    excerpt: excerptOf(message, query),
  };
}
