import type { ArchivedRow, ArchivedRows, WantedRows } from '../../snapshot/archived-rows.ts';
import type { MessageTableName } from '../../model/table-name.ts';
import { changesJournal, reportedChanges, rereadMessages, windowStartMs } from '../changes-journal.ts';
import type { Uncompared } from '../../model/run/load-result.ts';
import { lookUpRows, whyUncompared } from './archive-lookup.ts';
import type { JournalContext } from '../journal-context.ts';
import type { ArchivedWindows } from './archived-windows.ts';

/**
 * What the published archive says of the messages that a run found changed or deleted: a deletion brings an id and a time
 * only, and whether a table has a message, and which version of it, is not in the state. Looked up once per run, in one
 * pass over the tables, when the first change asks for it: a run without changes of earlier messages reads nothing.
 *
 * Loading is a function of the journals and of this.
 */
export class ArchivedMessages {
  readonly #load: JournalContext;
  readonly #windows: ArchivedWindows;
  #rows: ArchivedRows | undefined;
  #unreadable: Uncompared | null = null;
  /** Messages that one room says are deleted, and another one that they have changed. */
  #back: ReadonlySet<string> = new Set();

  constructor(load: JournalContext, windows: ArchivedWindows) {
    this.#load = load;
    this.#windows = windows;
  }

  /** Why the archive could not be read; null: it could, or nobody has asked. */
  get unreadable(): Uncompared | null {
    return this.#unreadable;
  }

  /** Whether a message was deleted in one room and posted in another. To be asked after `read`. */
  isBack(id: string): boolean {
    return this.#back.has(id);
  }

  /** The newest row of a message in a table that the job makes; undefined: none. To be asked after `read`. */
  row(table: MessageTableName, id: string): ArchivedRow | undefined {
    return this.#rows?.get(table)?.get(id);
  }

  /** Reads the archive, unless that has been tried. @throws as changesJournal */
  async read(): Promise<void> {
    this.#rows ??= await this.#read();
  }

  async #read(): Promise<ArchivedRows> {
    const wanted = await this.#wanted();
    try {
      return await lookUpRows(this.#load, wanted);
    } catch (error) {
      this.#unreadable = whyUncompared(error);
      return new Map();
    }
  }

  /** Of what changed in any room, except for the messages that this run's own walks brought. */
  async #wanted(): Promise<WantedRows> {
    const { disk, runPlan, versions, steps } = this.#load;
    const ids = new Set<string>();
    const updated = new Set<string>();
    const deleted = new Set<string>();
    let sinceMs = Number.POSITIVE_INFINITY;
    for (const changes of runPlan.changes) {
      const { room, isBehind } = changes;
      const { path, isGap, refusal } = await changesJournal(this.#load, changes);
      if (refusal === null) {
        for await (const { kind, id } of reportedChanges(disk, path)) {
          const isWhole = versions.walkedAtMs('messages', room.id, id) !== undefined;
          // Walked as a mention only: the room's own walk did not bring it, so that its changes are compared.
          const isMention = versions.walkedAtMs('mentioned_messages', room.id, id) !== undefined;
          // Where all is compared, so is what the other list of the room has of it.
          const isSettled = isWhole ? !isBehind : versions.hasWalked(id) && !isMention;
          // Of what a walk brought to another room the length of this one's list needs to know whether it was here.
          if (isSettled && (isWhole || kind === 'updated')) continue;
          ids.add(id);
          sinceMs = Number.NEGATIVE_INFINITY;
          if (!isSettled) (kind === 'deleted' ? deleted : updated).add(id);
        }
      } else if (refusal.instead !== null) {
        const missing = new Set(await this.#windows.ids(steps.room(room).id));
        for (const id of missing) ids.add(id);
        sinceMs = Math.min(sinceMs, windowStartMs(refusal.instead));
        if (isGap) continue;
        for await (const { id } of rereadMessages(disk, path, refusal.instead)) {
          updated.add(id);
          missing.delete(id);
          // Its rows may be those of another room.
          ids.add(id);
        }
        for (const id of missing) deleted.add(id);
      }
    }
    this.#back = new Set([...deleted].filter((id) => updated.has(id)));
    return { has: (id) => ids.has(id), sinceMs };
  }
}
