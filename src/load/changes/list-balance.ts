import { changeKey, type Change } from '../../model/changes.ts';
import type { PlannedChanges } from '../../plan/run-plan.ts';
import { clockSlackMs } from '../../plan/rooms/restored-rooms.ts';
import { noBalance, type Balance } from '../../model/run/balance.ts';
import type { LoadContext } from '../load-stream.ts';
import { targetsOf, type ChangeTarget } from './change-targets.ts';

/**
 * Adds up what the changes of a room do to the total of its list. The total is read before the changes, and at another
 * clock's time: what happened since the run began may be in it or not.
 */
export class ListBalance {
  readonly #load: LoadContext;
  readonly #planned: PlannedChanges;
  readonly #archivedRoomId: string;
  readonly #target: ChangeTarget | undefined;
  readonly #known: ReadonlySet<string>;
  #balance: Balance = noBalance;

  constructor(load: LoadContext, planned: PlannedChanges) {
    this.#load = load;
    this.#planned = planned;
    this.#archivedRoomId = load.steps.room(planned.room).id;
    this.#target = targetsOf(planned, load.runPlan).find(({ table }) => table === 'messages');
    this.#known = new Set(planned.known['messages']);
  }

  get balance(): Balance {
    return this.#balance;
  }

  /** @param change that ChangeRows has been given, which has looked up what it needed to know of it */
  count(change: Change): void {
    const { versions, archived, tables, steps } = this.#load;
    if (this.#target === undefined) return;
    const { id, kind, atMs } = change;
    const isWalked = versions.walkedAtMs('messages', this.#planned.room.id, id) !== undefined;
    if (kind === 'updated') {
      const { message } = change;
      const isForWalk = this.#target.isRead && this.#target.isWalked(message);
      if (message.hidden || isWalked || isForWalk || this.#known.has(changeKey(change))) return;
      if ('editedAt' in message.raw) this.#add({ edits: 1 });
    } else if (isWalked || versions.hasWalked(id)) {
      this.#note();
      return;
    }
    const row = archived.row('messages', id);
    const isHere = row?.isDeleted === false && row.roomId === this.#archivedRoomId;
    const isUnknown = !tables.has('messages') || archived.unreadable !== null || steps.mayMoveMessages;
    if (isUnknown || (row === undefined && steps.mayDropMessages)) this.#note();
    else if (kind === 'updated' && !isHere) this.#count(1, atMs);
    else if (kind === 'deleted' && isHere) this.#count(-1, atMs);
    // It has come to another room, or came back to this one behind its deletion.
    else if (kind === 'deleted' && row?.isDeleted === false) this.#note();
  }

  /** Changes are read behind the list: those that happened before this run began are in its total. */
  #count(messages: 1 | -1, atMs: number): void {
    const { startedAt } = this.#load.runPlan;
    if (atMs > Date.parse(startedAt) - clockSlackMs) this.#note();
    else this.#add({ added: messages });
  }

  #note(): void {
    this.#add({ unclear: 1 });
  }

  #add({ added = 0, unclear = 0, edits = 0 }: Partial<Balance>): void {
    const before = this.#balance;
    this.#balance = {
      added: before.added + added,
      unclear: before.unclear + unclear,
      edits: before.edits + edits,
    };
  }
}
