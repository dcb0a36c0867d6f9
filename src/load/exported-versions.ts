import { currentTables, wholeMessageTables, type MessageTableName } from '../model/table-name.ts';
import type { KnownVersions } from '../model/run/load-result.ts';
import { changeKey, type Change } from '../model/changes.ts';
import { SeenIds } from '../snapshot/versions/seen-ids.ts';
import type { RunPlan } from '../plan/run-plan.ts';

const markedTables: readonly MessageTableName[] = currentTables;

/** Where else in its room a message belongs. */
export interface Elsewhere {
  readonly wanted: readonly MessageTableName[];
  readonly unwanted: readonly MessageTableName[];
}

/**
 * Which versions of messages a run exported, table by table, as far as the next run must know: those since the time from
 * which it will ask for changes. Of rooms whose changes this run reads also which messages its own walks brought: they
 * have their row, and a second one of the same run could not be told apart from it.
 */
export class ExportedVersions {
  readonly #changesFromMs: number;
  readonly #rooms = new Map<string, RoomVersions>();
  /**
   * Of all rooms, marked with the tables that they have rows in: a message that is deleted in one may have been posted in
   * another. null: there is no earlier run.
   */
  readonly #walked: SeenIds | null;
  #mayHaveReturned = false;
  readonly #delivered = new Map<string, Set<string>>();
  /** By message: the room whose changes brought its row. */
  readonly #claims = new Map<string, string>();
  /** Table and id. */
  readonly #writtenByChanges = new Set<string>();
  readonly #deleted = new Set<string>();

  constructor({ run, changes, changesFromMs }: Pick<RunPlan, 'run' | 'changes' | 'changesFromMs'>) {
    this.#changesFromMs = changesFromMs;
    this.#walked = run === 1 ? null : new SeenIds(1_000);
    for (const { room, cursor } of changes) {
      this.#rooms.set(room.id, { sinceMs: cursor.watermark?.tsMs ?? 0, tables: new Map(), walked: new Map() });
    }
  }

  /**
   * A message that a walk brought.
   *
   * @param elsewhere the other tables of the room: `wanted`, where another walk of this run brings this version, too;
   *   `unwanted`, where it does not belong
   */
  walked(
    table: MessageTableName,
    roomId: string,
    { id, updatedAt }: { readonly id: string; readonly updatedAt: Date | null },
    elsewhere: Elsewhere,
  ): void {
    this.#walked?.mark(id, walkedMark);
    const room = this.#room(roomId);
    const atMs = updatedAt?.getTime() ?? null;
    room.walked?.set(`${table} ${id}`, atMs);
    if (atMs === null || atMs <= room.sinceMs) return;
    const key = changeKey({ kind: 'updated', id, atMs });
    tableOf(room, table).versions.set(id, key);
    for (const other of elsewhere.unwanted) {
      const { versions } = tableOf(room, other);
      if (!versions.has(id)) versions.set(id, key);
    }
    for (const other of elsewhere.wanted) tableOf(room, other).expected.set(id, key);
  }

  /** @param tables where a message has its rows now, or the row that says that it has none; ignored for a message that no walk brought */
  settled(id: string, tables: readonly MessageTableName[]): void {
    if (this.hasWalked(id))
      this.#walked?.mark(
        id,
        tables.reduce((marks, table) => marks | markOf(table), walkedMark),
      );
  }

  /** Some of what the walks brought may have been in another room before, or here, in another version. */
  noteReturned(): void {
    this.#mayHaveReturned = true;
  }

  get mayHaveReturned(): boolean {
    return this.#walked !== null && this.#mayHaveReturned;
  }

  /** Whether a walk brought the message, and no row of it to the table, nor did changes. */
  hasLeft(table: MessageTableName, id: string): boolean {
    const marks = this.#walked?.marks(id) ?? 0;
    return marks !== 0 && (marks & markOf(table)) === 0;
  }

  /** A change that a table has now, or that does not concern it. */
  changed(table: MessageTableName, roomId: string, change: Pick<Change, 'kind' | 'id' | 'atMs'>): void {
    const { versions, others } = tableOf(this.#room(roomId), table);
    const key = changeKey(change);
    if (change.kind === 'updated') versions.set(change.id, key);
    else others.add(key);
  }

  /** A message that lies before a stream, which this run does not read, and was delivered all the same. */
  deliver(stream: string, id: string): void {
    this.#delivered.set(stream, (this.#delivered.get(stream) ?? new Set()).add(id));
  }

  /** By key of the stream. */
  delivered(): Readonly<Record<string, readonly string[]>> {
    return Object.fromEntries([...this.#delivered].map(([stream, ids]) => [stream, [...ids]]));
  }

  /** Whether a walk has brought the message to any room: as good as certain, see SeenIds. */
  hasWalked(id: string): boolean {
    return this.#walked?.has(id) === true;
  }

  /**
   * Takes a message for the changes of a room: a run writes one row of it, whichever rooms it was in meanwhile.
   *
   * @returns whether no other room has brought it, by its walk or its changes
   */
  claim(id: string, roomId: string): boolean {
    const owner = this.#claims.get(id) ?? roomId;
    const isWalkedHere = wholeMessageTables.some((table) => this.walkedAtMs(table, roomId, id) !== undefined);
    if (owner !== roomId || (this.hasWalked(id) && !isWalkedHere)) return false;
    this.#claims.set(id, roomId);
    return true;
  }

  /** Whether changes have brought the message, or its deletion, in this run, to some table or to none. */
  isClaimed(id: string): boolean {
    return this.#claims.has(id);
  }

  /** Notes that changes have written rows of a message into a table. */
  noteWritten(table: MessageTableName, id: string): void {
    this.#writtenByChanges.add(`${table} ${id}`);
  }

  isWrittenByChanges(table: MessageTableName, id: string): boolean {
    return this.#writtenByChanges.has(`${table} ${id}`);
  }

  /** Notes that changes say a message is gone, whether or not a table had it. */
  noteDeleted(id: string): void {
    this.#deleted.add(id);
  }

  isDeleted(id: string): boolean {
    return this.#deleted.has(id);
  }

  /** Gives a claimed message back: nothing was written of it. */
  release(id: string, roomId: string): void {
    if (this.#claims.get(id) === roomId) this.#claims.delete(id);
  }

  /** Which version a walk brought to the table, by its `_updatedAt`; null: without one; undefined: none. */
  walkedAtMs(table: MessageTableName, roomId: string, id: string): number | null | undefined {
    return this.#rooms.get(roomId)?.walked?.get(`${table} ${id}`);
  }

  /** By room, in order of what was said first. */
  byRoom(): Readonly<Record<string, KnownVersions>> {
    return Object.fromEntries(
      [...this.#rooms].map(([roomId, { tables }]) => [
        roomId,
        {
          known: Object.fromEntries(
            [...tables].map(([table, { versions, others }]) => [table, [...versions.values(), ...others]]),
          ),
          isUnsettled: [...tables.values()].some(({ versions, expected }) =>
            [...expected].some(([id, key]) => versions.get(id) !== key),
          ),
        },
      ]),
    );
  }

  #room(roomId: string): RoomVersions {
    const known = this.#rooms.get(roomId);
    if (known !== undefined) return known;
    const room: RoomVersions = { sinceMs: this.#changesFromMs, tables: new Map(), walked: null };
    this.#rooms.set(roomId, room);
    return room;
  }
}

const walkedMark = 1;

function markOf(table: MessageTableName): number {
  return 2 << markedTables.indexOf(table);
}

function tableOf({ tables }: RoomVersions, name: MessageTableName): TableVersions {
  const known = tables.get(name);
  if (known !== undefined) return known;
  const table: TableVersions = { versions: new Map(), expected: new Map(), others: new Set() };
  tables.set(name, table);
  return table;
}

interface TableVersions {
  /** By id the key of the version that the table has. */
  readonly versions: Map<string, string>;
  /** The same of those that another table's walk says belong here. */
  readonly expected: Map<string, string>;
  /** Keys of deletions. */
  readonly others: Set<string>;
}

interface RoomVersions {
  readonly sinceMs: number;
  readonly tables: Map<MessageTableName, TableVersions>;
  /** By table and id; null: nobody asks. */
  readonly walked: Map<string, number | null> | null;
}
