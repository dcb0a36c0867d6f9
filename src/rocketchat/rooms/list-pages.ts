import { RoomError } from '../../errors.ts';
import type { Answer, Query } from '../../model/rocketchat.ts';

export type Get = (endpoint: string, query: Query) => Promise<Answer>;

/** The default upper limit of a page; the server cuts it where it allows less. */
const pageSize = 100;

/** All rows of a paged list of rooms. @throws what `get` throws, and RoomError for an answer without a list */
export async function listPages(get: Get, endpoint: string, query: Query, key: string): Promise<readonly unknown[]> {
  const all: unknown[] = [];
  for (;;) {
    const answer = await get(endpoint, { ...query, offset: all.length, count: pageSize });
    const page = rowsOf(answer, key);
    all.push(...page);
    const { total } = answer.value;
    // More than it counts is no end: an empty page is.
    if (page.length === 0 || all.length === total) return all;
  }
}

export function rowsOf({ value }: Answer, key: string): readonly unknown[] {
  const list = value[key];
  if (Array.isArray(list)) return list;
  throw new RoomError('wire', `Cannot read the list of rooms: "${key}" should be an array`);
}
