import { RoomError, StoppedError } from '../../errors.ts';
import type { JournaledList, PeopleJournal } from '../../journal/people-journal.ts';
import { listKey, listPage, newList } from '../../journal/people-journal.ts';
import type { StreamJournal } from '../../journal/stream-journal.ts';
import type { PageReader, Query } from '../../model/rocketchat.ts';

/** What the lists of one journal are read with. */
export interface PeopleReading {
  readonly chat: PageReader;
  readonly journal: StreamJournal;
  /** What an attempt that was cut has journaled. */
  readonly journaled: PeopleJournal;
  readonly signal: AbortSignal;
  /** Called when the journal has grown. */
  readonly onGrown: () => void;
}

/** Rows of a list with an id, each once, and why there are no more; null: these are all. */
interface ReadList extends Pick<JournaledList, 'refusal'> {
  readonly rows: readonly unknown[];
}

/**
 * Reads a list of users or members into its journal, from where the journal ends. A list that is refused, or that keeps
 * failing, costs itself only.
 *
 * @param roomId null: the users of the workspace
 * @returns what came of it, as its journal holds it
 * @throws what `PageReader.get` throws when the run has ended
 */
export async function readPeopleList(
  { chat, journal, journaled, signal, onGrown }: PeopleReading,
  endpoint: string,
  roomId: string | null,
): Promise<ReadList> {
  const { list, refusal } = journaled.lists.get(listKey(endpoint, roomId)) ?? {
    list: newList(endpoint),
    refusal: null,
  };
  if (refusal !== null) return { rows: list.rows, refusal };
  for (let { next } = list; next !== null; { next } = list) {
    const query: Query = { ...(roomId !== null && { roomId }), ...next };
    const params = Object.fromEntries(Object.entries(query).map(([name, value]) => [name, String(value)]));
    const asked = { endpoint, params };
    try {
      const { body, value } = await chat.get(endpoint, query);
      const page = listPage(asked, value);
      if (page === undefined) throw new RoomError('wire', `Cannot read a page of ${endpoint}: it holds no list`);
      await journal.answer(asked, body);
      list.add(page);
    } catch (error) {
      const refused = refusalIn(error, signal);
      await journal.refused(asked, refused.reason, refused.message);
      return { rows: list.rows, refusal: refused };
    } finally {
      chat.letGo();
      onGrown();
    }
  }
  return { rows: list.rows, refusal: null };
}

/** Why a request was refused, or failed too often. If the server is ill, the next request for messages says so. @throws every other error */
export function refusalIn(error: unknown, signal: AbortSignal): NonNullable<JournaledList['refusal']> {
  if (error instanceof RoomError) return { reason: error.reason, message: error.message };
  if (error instanceof StoppedError && !signal.aborted) return { reason: 'failed', message: error.message };
  throw error;
}
