import { elementTables } from '../../model/table-name.ts';
import type { Change } from '../../model/changes.ts';
import type { FlatMessage, RowContext } from '../../model/flat-message.ts';
import type { MessageTableName } from '../../model/table-name.ts';
import { flatten } from '../../transforms/flatten.ts';
import { tombstone } from '../../transforms/tombstone.ts';
import { keptBy, targetsOf, type ChangeTarget } from './change-targets.ts';
import { hasElements } from '../../tables/element-tables.ts';
import { isArchived } from '../archived/known-elements.ts';
import { contextOf, noteDiscussion, type LoadContext } from '../load-stream.ts';
import type { PlannedChanges, RunPlan } from '../../plan/run-plan.ts';
import { clockSlackMs } from '../../plan/rooms/restored-rooms.ts';

type Updated = Extract<Change, { kind: 'updated' }>;

/** What of a load the rows of changes are made with. */
export interface ChangeContext extends Pick<
  LoadContext,
  'steps' | 'versions' | 'tables' | 'rowsOf' | 'badFields' | 'met' | 'seen'
> {
  readonly runPlan: Pick<RunPlan, 'run' | 'server' | 'streams'>;
  readonly rows: Pick<LoadContext['rows'], 'add'>;
  readonly archived: Pick<LoadContext['archived'], 'read' | 'unreadable' | 'row' | 'isBack'>;
}

interface Deletion {
  /**
   * When, as the server says; null: the message was not there when its room was read again, or it is there, and no longer
   * among those that the job asks for.
   */
  readonly deletedMs: number | null;
  /** When the version came that is not asked for; absent: it is no version that takes the message out. */
  readonly changedMs?: number;
  /** A version that is newer than this was not the one deleted: the message came again. null: it is gone for certain. */
  readonly newestMs: number | null;
  /** Whether it holds for rows of other rooms, too: the message itself was found, here or gone from here. */
  readonly isEverywhere: boolean;
}

/** What became of the row of a message in one table; `absent`: there was none to be deleted. */
type Verdict = 'written' | 'deleted' | 'left' | 'absent';

/**
 * Writes the changes of one room as rows: new versions and tombstones, into each table that lacks them. What this run's
 * walks brought is left out: one row per message and run, so that the run decides which row is the newest. Where such a
 * message has changed already, the next run writes it.
 */
export class ChangeRows {
  /** Changes that became rows. */
  changes = 0;
  /** Whether the archive is damaged, and what changed has to be written by a later run. */
  isUnread = false;
  /** When the earliest change happened that the next run has to write; null: there is none. */
  deferredFromMs: number | null = null;
  readonly #load: ChangeContext;
  readonly #roomId: string;
  /** Of the room in the tables: steps that keep identities secret may change it. */
  readonly #archivedRoomId: string;
  readonly #context: RowContext;
  readonly #isPart: boolean;
  readonly #targets: readonly ChangeTarget[];
  readonly #isKept: ReturnType<typeof keptBy>;
  readonly #known: ReadonlyMap<string, ReadonlySet<string>>;

  constructor(load: ChangeContext, planned: PlannedChanges) {
    const { room, known } = planned;
    this.#load = load;
    this.#roomId = room.id;
    this.#archivedRoomId = load.steps.room(room).id;
    this.#context = contextOf(room, load.runPlan);
    this.#isPart = planned.isPart;
    this.#targets = targetsOf(planned, load.runPlan);
    this.#isKept = keptBy(planned, load.runPlan);
    this.#known = new Map(Object.entries(known).map(([table, keys]) => [table, new Set(keys)]));
  }

  /** @param isMoved whether a plug-in has given the message another date or room */
  async update(change: Updated, key: string, isMoved: (flat: FlatMessage) => boolean = () => false): Promise<void> {
    const { message, id } = change;
    const { steps, badFields } = this.#load;
    if (message.hidden) return;
    const targets = this.#targets.filter(({ holds }) => holds(message));
    const open = targets.filter(({ table, accepts, isWalked, isRead }) => {
      const walkedAtMs = this.#load.versions.walkedAtMs(table, this.#roomId, id);
      // The walk brought it; this version of it, if nothing has happened to it since.
      if (walkedAtMs !== undefined && walkedAtMs !== change.atMs) this.#defer(change.atMs);
      if (walkedAtMs !== undefined || (isRead && accepts(message.raw) && isWalked(message))) return false;
      return this.#known.get(table)?.has(key) !== true;
    });
    if (open.length === 0 || !(await this.#isReadable())) return;
    if (!this.#load.versions.claim(id, this.#roomId)) {
      this.#defer(change.atMs);
      return;
    }
    const read = flatten(message, this.#context);
    const flat = steps.message(read);
    if (flat !== null && isMoved(flat)) return;
    // An imported message may start a discussion long before those that walks take.
    noteDiscussion(this.#load.seen, read);
    const verdicts = new Map<MessageTableName, Verdict>();
    // Of several lists that fill a table one is enough to keep a message in it.
    const isListed = (table: MessageTableName): boolean =>
      targets.some((target) => target.table === table && target.accepts(message.raw)) || this.#isKept(table, message);
    for (const { key: stream, table, accepts, isWalked } of open) {
      // The room list shows nothing new, so the stream is not read: its next walk must not bring the message again.
      if (accepts(message.raw) && isWalked(message)) this.#load.versions.deliver(stream, id);
      if (verdicts.has(table)) continue;
      verdicts.set(
        table,
        isListed(table) ? await this.#write(table, flat, change) : await this.#drop(table, id, droppedBy(change)),
      );
    }
    for (const { table } of open) this.#load.versions.changed(table, this.#roomId, change);
    const owner = targets.find(({ table }) => isListed(table));
    const verdict = owner === undefined ? [...verdicts.values()][0] : verdicts.get(owner.table);
    const isNews = [...verdicts.values()].some((one) => one === 'written' || one === 'deleted');
    // A side table may lack what the message's own has: the job did not make it then. Elements of a message that is no
    // mention any more are those of the room's whole list.
    const isOwn = verdict !== undefined && (owner !== undefined || !this.#isPart);
    const isSideNews = isOwn && (await this.#elements(owner === undefined ? null : flat, id, droppedBy(change)));
    if (!isNews && !isSideNews) return;
    this.changes += 1;
    if (flat !== null && this.#load.tables.has('users')) this.#load.met.note(read, flat);
    for (const field of read.badFields) badFields.set(field, (badFields.get(field) ?? 0) + 1);
  }

  async remove(
    change: Pick<Change, 'id' | 'atMs'>,
    { deletedMs, newestMs }: Pick<Deletion, 'deletedMs' | 'newestMs'>,
  ): Promise<void> {
    const { versions, archived, tables } = this.#load;
    const deletion = { deletedMs, newestMs, isEverywhere: false };
    if (!versions.hasWalked(change.id) && !(await this.#isReadable())) return;
    // It came back, to this room or to another one: the next run compares the two times.
    const isBack = versions.hasWalked(change.id) || archived.isBack(change.id);
    if (isBack || !versions.claim(change.id, this.#roomId)) {
      if (versions.hasWalked(change.id)) versions.noteReturned();
      this.#defer(change.atMs);
      return;
    }
    const verdicts = new Map<MessageTableName, Verdict>();
    for (const { table } of this.#targets) {
      if (!verdicts.has(table)) verdicts.set(table, await this.#drop(table, change.id, deletion));
      versions.changed(table, this.#roomId, { ...change, kind: 'deleted' });
    }
    versions.noteDeleted(change.id);
    const verdict = verdicts.get('messages') ?? verdicts.get('mentioned_messages');
    let isSideNews = false;
    if (verdict === 'deleted' || (verdict === 'absent' && newestMs === null)) {
      // Where no table of messages is made, nobody has looked whether the message had come to another room meanwhile.
      const isEverywhere = [...verdicts].some(([table, one]) => one === 'deleted' && tables.has(table));
      isSideNews = await this.#elements(null, change.id, { deletedMs, newestMs: null, isEverywhere });
    }
    if (isSideNews || [...verdicts.values()].includes('deleted')) this.changes += 1;
    // The message stands elsewhere: what happens to it there is for that room to write.
    else versions.release(change.id, this.#roomId);
  }

  async #isReadable(): Promise<boolean> {
    const { archived } = this.#load;
    await archived.read();
    this.isUnread ||= archived.unreadable?.kind === 'gap';
    return archived.unreadable?.kind !== 'gap';
  }

  #defer(atMs: number): void {
    this.deferredFromMs = Math.min(this.deferredFromMs ?? atMs, atMs);
  }

  /** @param flat null: a step of the job has dropped this version */
  async #write(table: MessageTableName, flat: FlatMessage | null, change: Updated): Promise<Verdict> {
    const { tables, archived } = this.#load;
    if (flat === null) return this.#drop(table, change.id, droppedBy(change));
    // Of a table that the job does not make nothing is known: side tables are brought up to date all the same.
    if (!tables.has(table)) return 'written';
    const row = archived.row(table, change.id);
    const isThere = row?.isDeleted === false && row.roomId === flat.roomId;
    if (isThere && row.updatedAtMs !== null && row.updatedAtMs === flat.updatedAt?.getTime()) return 'left';
    await this.#add(flat, table, change.id);
    return 'written';
  }

  /** Writes a tombstone, if the table has the message, and the deletion is that of its row. */
  async #drop(table: MessageTableName, id: string, deletion: Deletion): Promise<Verdict> {
    const { tables, archived, steps } = this.#load;
    const { deletedMs, newestMs } = deletion;
    if (!tables.has(table)) return 'deleted';
    const row = archived.row(table, id);
    // What cannot be looked up is not taken for absent.
    if (archived.unreadable === null) {
      if (row === undefined || row.isDeleted) return 'absent';
      if (newestMs !== null && row.updatedAtMs !== null && row.updatedAtMs > newestMs) return 'left';
      const isHere = row.roomId === this.#archivedRoomId || steps.mayMoveMessages;
      if (!isHere && !deletion.isEverywhere && !isLater(deletedMs, row.updatedAtMs)) return 'left';
    }
    const gone = tombstone({ id, tsMs: row?.tsMs ?? deletion.changedMs ?? null, deletedMs }, this.#context);
    const hidden = steps.tombstone(gone);
    await this.#add(row === undefined ? hidden : { ...hidden, roomId: row.roomId, ts: new Date(row.tsMs) }, table, id);
    return 'deleted';
  }

  async #add(row: FlatMessage, table: MessageTableName, id: string): Promise<void> {
    await this.#load.rows.add(row, [table], true);
    this.#load.versions.settled(id, [table]);
    this.#load.versions.noteWritten(table, id);
  }

  /**
   * Brings the side tables up to date: with the elements of the message where they are others than the table has, or with
   * the word that it has none any more.
   *
   * @returns whether anything was written
   */
  async #elements(flat: FlatMessage | null, id: string, deletion: Deletion): Promise<boolean> {
    const { tables, archived, rowsOf } = this.#load;
    let isWritten = false;
    for (const table of elementTables) {
      if (!tables.has(table)) continue;
      if (flat === null || !hasElements(flat, table)) {
        const verdict = await this.#drop(table, id, deletion);
        isWritten ||= verdict === 'deleted';
        continue;
      }
      if (isArchived(archived.row(table, id), table, rowsOf(table, flat))) continue;
      await this.#add(flat, table, id);
      isWritten = true;
    }
    return isWritten;
  }
}

/** Of a version that belongs in a table no more. */
function droppedBy({ atMs }: Updated): Deletion {
  return { deletedMs: null, changedMs: atMs, newestMs: null, isEverywhere: true };
}

/**
 * Whether a deletion in one room is later than a version that was written in another one, whatever the clocks showed. A
 * message is in one room at a time, so it had come from there, without a trace: a restored backup takes it back.
 */
function isLater(deletedMs: number | null, updatedAtMs: number | null): boolean {
  return deletedMs !== null && updatedAtMs !== null && deletedMs > updatedAtMs + clockSlackMs;
}
