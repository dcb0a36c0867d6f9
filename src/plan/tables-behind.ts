import { elementTables } from '../model/table-name.ts';
import { ownValue } from '../model/json/own-value.ts';
import type { ChangesState } from '../archive/state/state.ts';
import type { EndpointName } from '../endpoints/endpoint-name.ts';
import { endpoints } from '../endpoints/endpoints.ts';

/** What of a room a run brings up to date. */
export interface RoomCoverage {
  /** Of the lists of the room that the job has. */
  readonly endpoints: readonly EndpointName[];
  /** Those the job makes. */
  readonly made: { has: (table: string) => boolean };
}

/**
 * Tables that no change brings up to date: a change has no earlier version of a message, and adds nobody to those whom the
 * archive knows. A run that makes them again reads what earlier ones read once more.
 */
const walkedTables: readonly string[] = ['message_versions', 'users'];

type Progress = Pick<ChangesState, 'sinceMs' | 'tables' | 'behind' | 'lacking'>;

/**
 * The tables that a run leaves as the room is. A run over the mentions of the login alone leaves a part of each side table
 * so, which has a name of its own; a run over all messages that part, too, where some run has read mentions.
 */
export function tablesServed(known: Progress | undefined, { endpoints: read, made }: RoomCoverage): readonly string[] {
  const lists = new Set(read.map((endpoint) => endpoints[endpoint].table));
  const sides = elementTables.filter((table) => made.has(table));
  const isTracked = (part: string): boolean =>
    lists.has('mentioned_messages') || known?.tables?.includes(part) === true || known?.behind?.[part] !== undefined;
  return [
    ...[...lists].filter((table) => made.has(table)),
    ...(lists.has('messages') ? sides : []),
    ...walkedTables.filter((table) => made.has(table) && (table === 'users' || lists.has('messages'))),
    ...sides.map((table) => `${table} of mentioned_messages`).filter(isTracked),
  ];
}

/** Since when a run has to ask for the changes of a room: since the one that all its tables have. Epoch milliseconds. */
export function askedSinceMs(known: Progress, coverage: RoomCoverage): number {
  const { sinceMs, behind = {} } = known;
  return Math.min(sinceMs, ...tablesServed(known, coverage).map((table) => ownValue(behind, table) ?? sinceMs));
}

/**
 * Whether no run has made a table of a room yet, so that it lacks all that was read of the room; or whether a run of an older
 * program could not read the room again for it. What it lacks of single lists these name, see lackingInList.
 */
export function isNewOfRoom({ tables, behind = {}, lacking = [] }: Progress, table: string): boolean {
  const isNew = tables !== undefined && !tables.includes(table) && !Object.hasOwn(behind, table);
  return isNew || lacking.includes(table);
}

/**
 * Which tables are as the room is after a run, and since when the others lack what changed: a job whose entries or tables
 * are edited makes some of them in some runs only.
 *
 * @param known before the run; undefined: none has read the room
 * @param askedMs since when changes were asked for; null: they were not read to their end
 */
export function progressAfter(
  known: Progress | undefined,
  askedMs: number | null,
  coverage: RoomCoverage,
): Required<Pick<Progress, 'tables' | 'behind'>> {
  const { tables = [], behind = {}, sinceMs = 0 } = known ?? {};
  const served = tablesServed(known, coverage).filter((table) => {
    const behindMs = ownValue(behind, table);
    return behindMs === undefined || (askedMs !== null && askedMs <= behindMs);
  });
  if (askedMs === null) return { tables: [...new Set([...tables, ...served])].sort(), behind };
  const left = tables.flatMap((table) =>
    served.includes(table) || walkedTables.includes(table) ? [] : [[table, sinceMs] as const],
  );
  const stillBehind = Object.entries(behind).filter(([table]) => !served.includes(table));
  return { tables: served.toSorted(), behind: Object.fromEntries([...stillBehind, ...left]) };
}
