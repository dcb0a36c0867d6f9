import { isBadMessage } from '../../journal/hole-place.ts';
import { changeKey, type Change } from '../../model/changes.ts';
import { planOfRoom } from '../../plan/plan-of-room.ts';
import type { PlannedChanges, RunPlan } from '../../plan/run-plan.ts';
import { clockSlackMs } from '../../plan/rooms/restored-rooms.ts';
import { noBalance, type Balance } from '../../model/run/balance.ts';
import type { LoadContext } from '../load-stream.ts';
import { targetsOf, type ChangeTarget } from './change-targets.ts';

/** What of a load the changes of a list are counted with. */
export interface BalanceContext extends Pick<LoadContext, 'steps' | 'versions' | 'tables'> {
  readonly runPlan: Pick<RunPlan, 'server' | 'startedAt' | 'streams'>;
  readonly archived: Pick<LoadContext['archived'], 'read' | 'unreadable' | 'row'>;
}

/**
 * Adds up what the changes of a room do to the total of its list. The total is read before the changes, and at another
 * clock's time: what happened since the run began may be in it or not.
 */
export class ListBalance {
  readonly #load: BalanceContext;
  readonly #planned: PlannedChanges;
  readonly #archivedRoomId: string;
  readonly #target: ChangeTarget | undefined;
  readonly #known: ReadonlySet<string>;
  /** Messages of the list that make no row, and whether it has places whose content is unknown. */
  readonly #bad: ReadonlySet<string>;
  readonly #hasUnread: boolean;
  #balance: Balance = noBalance;

  constructor(load: BalanceContext, planned: PlannedChanges) {
    this.#load = load;
    this.#planned = planned;
    this.#archivedRoomId = load.steps.room(planned.room).id;
    this.#target = targetsOf(planned, load.runPlan).find(({ table }) => table === 'messages');
    this.#known = new Set(planned.known['messages']);
    const { streams } = planOfRoom(load.runPlan, planned.room.id);
    const holes = streams.filter(({ key }) => key === this.#target?.key).flatMap((stream) => stream.holes);
    this.#bad = new Set(holes.filter(isBadMessage).flatMap((hole) => hole.id ?? []));
    this.#hasUnread = !holes.every(isBadMessage);
  }

  get balance(): Balance {
    return this.#balance;
  }

  /** @param change that ChangeRows has been given, which has looked up what it needed to know of it */
  async count(change: Change): Promise<void> {
    const { versions, archived, tables, steps } = this.#load;
    if (this.#target === undefined) return;
    const { id, kind } = change;
    const isWalked = versions.walkedAtMs('messages', this.#planned.room.id, id) !== undefined;
    if (kind === 'updated') {
      const { message } = change;
      const isForWalk = this.#target.isRead && this.#target.isWalked(message);
      if (message.hidden || isWalked || isForWalk || this.#known.has(changeKey(change))) return;
      if ('editedAt' in message.raw) this.#add('edits');
    } else if (isWalked) {
      this.#note(change, 'deferred');
      return;
    } else if (versions.hasWalked(id)) {
      // Walked in another room: it has left this one, if it was here.
      await archived.read();
    }
    const row = archived.row('messages', id);
    const isHere = row?.isDeleted === false && row.roomId === this.#archivedRoomId;
    const isUnknown = !tables.has('messages') || archived.unreadable !== null || steps.mayMoveMessages;
    const isBad = row === undefined && this.#bad.has(id);
    const mayBeUnread = row === undefined && this.#hasUnread;
    if (isBad && kind === 'updated') return;
    if (isUnknown || (!isBad && (mayBeUnread || (row === undefined && steps.mayDropMessages)))) this.#note(change);
    else if (kind === 'updated' && !isHere) this.#count(1, change);
    else if (kind === 'deleted' && (isHere || isBad)) this.#count(-1, change);
    // It has come to another room, or came back to this one behind its deletion.
    else if (kind === 'deleted' && row?.isDeleted === false) this.#note(change);
  }

  /** Changes are read behind the list: those that happened before this run began are in its total. */
  #count(messages: 1 | -1, change: Change): void {
    if (this.#isLate(change)) this.#add(messages === 1 ? 'lateNew' : 'lateGone');
    else this.#add('added', messages);
  }

  /** What is no news to the total, or news: a deletion makes no list longer, and a message none shorter. */
  #note(change: Change, unclear: keyof Balance = change.kind === 'deleted' ? 'mayBeGone' : 'mayBeNew'): void {
    this.#add(unclear);
    if (this.#isLate(change)) this.#add('late');
  }

  #isLate({ atMs }: Change): boolean {
    return atMs > Date.parse(this.#load.runPlan.startedAt) - clockSlackMs;
  }

  #add(name: keyof Balance, messages = 1): void {
    this.#balance = { ...this.#balance, [name]: this.#balance[name] + messages };
  }
}
