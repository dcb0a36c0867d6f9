import type { StoredMessage } from '../../snapshot/stored-messages.ts';
import { changesJournal, windowStartMs } from '../changes-journal.ts';
import { whyUncompared } from './archive-lookup.ts';
import type { JournalContext } from '../journal-context.ts';
import type { Uncompared } from '../../model/run/load-result.ts';

/**
 * What the archive stores of messages that this run read once more, for all rooms in one pass. Made when the first room
 * asks, for that means to wait until all have been read; most runs need nothing of it.
 */
export class ArchivedWindows {
  readonly #load: JournalContext;
  #rooms: Map<string, ReadonlyMap<string, StoredMessage>> | undefined;
  #uncompared: Uncompared | null = null;

  constructor(load: JournalContext) {
    this.#load = load;
  }

  get uncompared(): Uncompared | null {
    return this.#uncompared;
  }

  /** A plug-in has given messages other dates or rooms: the rows do not show what the server has. */
  noteMoved(): void {
    this.#uncompared ??= { kind: 'note', message: 'a step of the job gives messages another `ts` or `room_id`' };
  }

  /** By the id of the room in the tables. undefined: it is not known, and `uncompared` says why. @throws as changesJournal */
  async of(roomId: string): Promise<ReadonlyMap<string, StoredMessage> | undefined> {
    this.#rooms ??= new Map(await this.#read());
    return this.#rooms.get(roomId);
  }

  /** Of the messages that the archive stores of a room's window. @throws as changesJournal */
  async ids(roomId: string): Promise<Iterable<string>> {
    this.#rooms ??= new Map(await this.#read());
    return this.#rooms.get(roomId)?.keys() ?? [];
  }

  async #read(): Promise<ReadonlyMap<string, ReadonlyMap<string, StoredMessage>>> {
    const { disk, archive, runPlan, steps, tables, damaged } = this.#load;
    const since = new Map<string, number>();
    for (const changes of runPlan.changes) {
      const { refusal } = await changesJournal(this.#load, changes);
      if (refusal?.instead == null) continue;
      // Each its own: what of another room's longer window was not read again here would pass for deleted.
      since.set(steps.room(changes.room).id, windowStartMs(refusal.instead));
    }
    if (!tables.has('messages')) return this.#cannot({ kind: 'note', message: 'the job makes no table "messages"' });
    // Few runs need it: what reads tables is loaded then.
    const { storedMessages } = await import('../../snapshot/stored-messages.ts');
    try {
      return await storedMessages(disk, archive, since, { present: steps.counts(), damaged });
    } catch (error) {
      return this.#cannot(whyUncompared(error));
    }
  }

  #cannot(why: Uncompared): ReadonlyMap<string, ReadonlyMap<string, StoredMessage>> {
    this.#uncompared = why;
    return new Map();
  }
}
