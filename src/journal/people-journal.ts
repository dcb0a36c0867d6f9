import type { Disk } from '../system/disk.ts';
import type { ListRequest } from './stream-journal.ts';
import { PagedList, type PageWithTotal } from './paged-list.ts';
import { parseAnswer } from './parse-answer.ts';
import { readFrames } from './read-frames.ts';

/** Where the pages of users.list, and those of all lists of members, are kept while a run is open. */
export const peopleJournals = { users: '0000-users.pages', members: '0000-members.pages' } as const;

/** What came of a list, as far as a journal holds it. */
export interface JournaledList {
  readonly list: PagedList;
  /** Why the server did not give it, or not all of it; null: it did. */
  refusal: { readonly reason: string; readonly message: string } | null;
}

export const usersEndpoint = 'users.list';

/** Shows one user, with what the list leaves out. */
export const userInfoEndpoint = 'users.info';

/** Names a list in its journal. @param roomId null: the users of the workspace */
export function listKey(endpoint: string, roomId: string | null): string {
  return roomId === null ? endpoint : `${endpoint} ${roomId}`;
}

/**
 * Of members all are asked for at once: their lists are sorted by who is online, which changes while they are read. Users
 * come in pages: all at once may be more than the database makes one answer of (16 MB).
 * Source: apps/meteor/server/lib/findUsersOfRoomOrderedByRole.ts, app/api/server/v1/users.ts ($facet)
 */
export function newList(endpoint: string): PagedList {
  return endpoint === usersEndpoint ? new PagedList() : new PagedList(0);
}

/** The page in an answer; undefined: the answer holds none. */
export function listPage(
  { endpoint, params }: ListRequest,
  value: Readonly<Record<string, unknown>>,
): PageWithTotal | undefined {
  const { [endpoint === usersEndpoint ? 'users' : 'members']: rows, total } = value;
  if (!Array.isArray(rows)) return undefined;
  return { offset: Number(params['offset']), rows, total: typeof total === 'number' ? total : null };
}

/** Whole frames of a journal; none when it is not there. */
export interface PeopleJournal {
  /** By `listKey`. */
  readonly lists: ReadonlyMap<string, JournaledList>;
  /** By user id what users.info showed; null: it was refused. */
  readonly lookedUp: ReadonlyMap<string, unknown>;
  readonly sizeBytes: number;
}

export async function readPeopleJournal(disk: Disk, path: string): Promise<PeopleJournal> {
  const lists = new Map<string, JournaledList>();
  const lookedUp = new Map<string, unknown>();
  let sizeBytes = 0;
  for await (const { frame, body, endByte } of readFrames(disk, path)) {
    sizeBytes = endByte;
    if (frame.kind !== 'answer' && frame.kind !== 'refused') continue;
    const { endpoint, params } = frame;
    if (endpoint === userInfoEndpoint) {
      lookedUp.set(params['userId'] ?? '', frame.kind === 'answer' ? parseAnswer(body)['user'] : null);
      continue;
    }
    const key = listKey(endpoint, params['roomId'] ?? null);
    const read = lists.get(key) ?? { list: newList(endpoint), refusal: null };
    lists.set(key, read);
    if (frame.kind === 'refused') {
      read.refusal = { reason: frame.reason, message: frame.message };
      continue;
    }
    const page = listPage(frame, parseAnswer(body));
    if (page !== undefined) read.list.add(page);
  }
  return { lists, lookedUp, sizeBytes };
}
