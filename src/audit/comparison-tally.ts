import { compareText } from '../model/text/compare-text.ts';
import type { State } from '../archive/state/state.ts';
import type { RoomError } from '../errors.ts';
import type { FlatMessage } from '../model/flat-message.ts';
import type { Message } from '../model/message.ts';
import { isPurged, type PurgeCheck } from '../model/run/purge-rule.ts';
import type { Room } from '../model/room.ts';
import { archivedRows } from '../snapshot/archived-rows.ts';
import type { Disk } from '../system/disk.ts';
import { flatten } from '../transforms/flatten.ts';
import type { SampledMessage } from './sampled-message.ts';
import { comparedColumns, compareMessage } from './compare-message.ts';
import { outsidePeriod, readBefore } from './missing-messages.ts';
import type { RoomReading } from './read-room.ts';
import type { RowSteps } from './row-steps.ts';
import type { ComparedMessage, ServerComparison } from './server-comparison.ts';

type Found = Omit<ServerComparison, 'server' | 'seed' | 'messages' | 'sampled'>;

/** Adds up what the comparison of each room finds. */
export class ComparisonTally {
  readonly #steps: RowSteps;
  readonly #state: Pick<State, 'lists'>;
  #equal = 0;
  readonly #edited: Found['editedSince'][number][] = [];
  readonly #deleted: ComparedMessage[] = [];
  readonly #differs: Found['differs'][number][] = [];
  readonly #rooms: Found['uncomparedRooms'][number][] = [];
  #newSince = 0;
  #purged = 0;
  #unclear = 0;
  /** Rows that other steps made than those of the job. */
  #ofOtherSteps = 0;
  /** Whether a file has no such column: its job dropped it, or the column is younger than the file. */
  readonly #absentColumns = new Set<string>();
  /** Messages on the server that runs have read past, and that were not among those compared. */
  readonly #expected = new Map<
    string,
    { readonly message: Message; readonly room: Room; readonly isPurged: boolean }
  >();

  readonly #purges: PurgeCheck;

  constructor(steps: RowSteps, state: Pick<State, 'lists'>, purges: PurgeCheck) {
    this.#steps = steps;
    this.#purges = purges;
    this.#state = state;
  }

  add(room: Room, wanted: readonly SampledMessage[], { found, gone, newest }: RoomReading): void {
    for (const archived of wanted) {
      const message = found.get(archived.id);
      const named = { messageId: archived.id, room: { id: archived.roomId, name: archived.roomName } };
      if (message !== undefined) this.#compare(named, archived, message, room);
      else if (gone.has(archived.id)) this.#deleted.push(named);
    }
    const isRead = readBefore(room, this.#state);
    const isOutside = outsidePeriod(room, this.#state);
    const ids = new Set(wanted.map(({ id }) => id));
    for (const message of newest) {
      if (ids.has(message.id)) continue;
      // Of what a purge by time keeps out the archive may have what is held, or was.
      const isPurged = this.#isPurged(message, room);
      if (isPurged || isRead(message)) this.#expected.set(message.id, { message, room, isPurged });
      else if (!message.hidden && !isOutside(message)) this.#newSince += 1;
    }
  }

  addUncompared(room: { readonly id: string; readonly name: string }, { reason, message }: RoomError): void {
    this.#rooms.push({ room, reason, message });
  }

  #compare(named: ComparedMessage, archived: SampledMessage, message: Message, room: Room): void {
    const steps = this.#steps.of(archived.run);
    if (steps === undefined) this.#ofOtherSteps += 1;
    for (const name of comparedColumns) if (!archived.columns.has(name)) this.#absentColumns.add(name);
    const verdict = compareMessage(archived, message, room, steps);
    switch (verdict.kind) {
      case 'equal':
        this.#equal += 1;
        break;
      case 'unclear':
        this.#unclear += 1;
        break;
      case 'edited': {
        const [from, now] = [verdict.archivedMs, verdict.nowMs].map((ms) => new Date(ms).toISOString());
        this.#edited.push({ ...named, archived: from ?? '', now: now ?? '' });
        break;
      }
      case 'differs': {
        const { column, archived: is, server } = verdict;
        this.#differs.push({ ...named, column, archived: is, server });
      }
    }
  }

  /** Looks up what the archive should have besides. */
  async finish(disk: Disk, archive: string): Promise<Found> {
    const has = (id: string): boolean => this.#expected.has(id);
    const known =
      this.#expected.size === 0
        ? undefined
        : (await archivedRows(disk, archive, ['messages'], { has, sinceMs: Number.NEGATIVE_INFINITY })).get('messages');
    for (const [messageId, { message, room, isPurged }] of this.#expected) {
      if (known?.has(messageId) === true || this.#row(message, room) === null) continue;
      if (isPurged) {
        this.#purged += 1;
        continue;
      }
      const { id, name } = this.#steps.all.room(room);
      const server = JSON.stringify(message.raw['ts']);
      this.#differs.push({
        messageId,
        room: { id, name },
        column: 'row',
        archived: 'no row',
        server: `sent ${server}`,
      });
    }
    const byRoom = (a: ComparedMessage, b: ComparedMessage): number =>
      compareText(a.room.id, b.room.id) || compareText(a.messageId, b.messageId);
    const editedSince = this.#edited.toSorted(byRoom);
    const deletedSince = this.#deleted.toSorted(byRoom);
    const differs = this.#differs.toSorted(byRoom);
    const missing = differs.filter(({ column }) => column === 'row').length;
    return {
      compared: this.#equal + editedSince.length + deletedSince.length + differs.length - missing,
      equal: this.#equal,
      editedSince,
      deletedSince,
      differs,
      newSince: this.#newSince,
      purged: this.#purged,
      uncomparedRooms: this.#rooms.toSorted((a, b) => compareText(a.room.id, b.room.id)),
      notes: this.#notes(),
    };
  }

  /** What a run leaves out on the word of a purge. */
  #isPurged(message: Message, room: Room): boolean {
    if (message.hidden) return false;
    const read = flattenIn(message, room);
    const row = this.#steps.all.message(read);
    return row !== null && isPurged(this.#purges, read, row);
  }

  /** With ids as the archive has them; null: the job has no row of it on purpose. */
  #row(message: Message, room: Room): FlatMessage | null {
    return this.#steps.all.message(flattenIn(message, room));
  }

  #notes(): readonly string[] {
    const absent = [...this.#absentColumns].sort();
    return [
      ...(this.#ofOtherSteps === 0
        ? []
        : [
            `Of ${this.#ofOtherSteps} messages only message_id, ts and updated_at were compared: the steps that made their rows (pseudonymize or a plug-in) are not those of the job, or have another key`,
          ]),
      ...(absent.length === 0 ? [] : [`Not compared, for files lack the columns: ${absent.join(', ')}`]),
      ...(this.#unclear === 0
        ? []
        : [
            `${this.#unclear} messages say something else, and the archive has no updated_at that would tell an edit from a change of the archive`,
          ]),
      'Not compared: names of rooms and people, which the server looks up whenever it is asked',
    ];
  }
}

function flattenIn(message: Message, { id: roomId, name: roomName, type: roomType }: Room): FlatMessage {
  return flatten(message, { roomId, roomName, roomTitle: roomName, roomType, run: 0 });
}
