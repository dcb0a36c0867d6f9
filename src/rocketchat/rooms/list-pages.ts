import { RoomError } from '../../errors.ts';
import type { Answer, Query } from '../../model/rocketchat.ts';
import { roomRows, type RoomRow } from './list-rows.ts';

export type Get = (endpoint: string, query: Query) => Promise<Answer>;

/** The default upper limit of a page; the server cuts it where it allows less. */
const pageSize = 100;

/** All rows of a paged list of rooms. @throws what `get` throws, and RoomError for an answer without a list */
export async function listPages(get: Get, endpoint: string, query: Query, key: string): Promise<readonly RoomRow[]> {
  const rows: RoomRow[] = [];
  let read = 0;
  for (;;) {
    const answer = await get(endpoint, { ...query, offset: read, count: pageSize });
    const page = rowsOf(answer, key);
    rows.push(...roomRows(page));
    read += page.length;
    const { total } = answer.value;
    // More than it counts is no end: an empty page is.
    if (page.length === 0 || read === total) return rows;
  }
}

export function rowsOf({ value }: Answer, key: string): readonly unknown[] {
  const list = value[key];
  if (Array.isArray(list)) return list;
  throw new RoomError('wire', `Cannot read the list of rooms: "${key}" should be an array`);
}
