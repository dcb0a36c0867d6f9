import { defaultLookbackMs } from '../../../../src/job/job.ts';
import type { ListedRoom, RoomList } from './room-list.ts';

const clockSlackMs = 1_800_000;

/** What is known of a room from the last run that read it to its end. */
interface KnownRoom {
  readonly listed: ListedRoom;
  /** Acts up to this one it read. */
  readonly act: number;
  readonly doublings: number;
  /** Whether something happened while it was read: the next run asks again, and keeps no date to compare the list with. */
  readonly isDisturbed: boolean;
}

/** What an archive knows of the rooms, as far as it decides what the next run has to ask for. */
export class KnownRooms {
  readonly #known = new Map<string, KnownRoom>();
  /** Rooms with something left to read: gapped, or not in the list, since they were read last. */
  readonly #owed = new Set<string>();
  /** Rooms that the last run missed in the list. */
  readonly #gone = new Set<string>();

  /** Up to which act the room was read; undefined: never. */
  readUntil(id: string): number | undefined {
    return this.#known.get(id)?.act;
  }

  isNewlyGone(id: string, { rooms }: RoomList): boolean {
    return !rooms.has(id) && !this.#gone.has(id);
  }

  /** Whether there is nothing to ask for. */
  isIdle(list: RoomList): boolean {
    const isGone = [...this.#known.keys()].some((id) => this.isNewlyGone(id, list));
    return !isGone && ![...list.rooms.values()].some((listed) => this.isRead(listed, list));
  }

  isRead(listed: ListedRoom, list: RoomList): boolean {
    const known = this.#known.get(listed.id);
    if (list.isEveryRoom || known === undefined) return true;
    if (this.#owed.has(listed.id) || known.listed.mark !== listed.mark) return true;
    const doublings = doublingsOf(listed, list);
    return doublings >= 0 && doublings !== known.doublings;
  }

  /** A backup gives itself away by a room that is older in the list than it was, by more than clocks are wrong. */
  isRestoreNoticed({ rooms }: RoomList): boolean {
    return [...rooms.values()].some(({ id, updatedAtMs }) => {
      const known = this.#known.get(id);
      const seenMs = this.#owed.has(id) || known?.isDisturbed === true ? undefined : known?.listed.updatedAtMs;
      return seenMs !== undefined && seenMs - updatedAtMs > clockSlackMs;
    });
  }

  /**
   * What a run has read, and the next one need not.
   *
   * @param gapped ids of the rooms that its manifest names as gaps
   * @param now the newest act
   */
  remember(list: RoomList, gapped: ReadonlySet<string>, now: number): void {
    for (const id of this.#known.keys()) {
      if (list.rooms.has(id)) {
        this.#gone.delete(id);
        continue;
      }
      this.#owed.add(id);
      this.#gone.add(id);
    }
    for (const listed of list.rooms.values()) {
      if (gapped.has(listed.id)) {
        this.#owed.add(listed.id);
        continue;
      }
      if (!this.isRead(listed, list)) continue;
      this.#owed.delete(listed.id);
      const isDisturbed = now > list.act;
      this.#known.set(listed.id, { listed, act: list.act, doublings: doublingsOf(listed, list), isDisturbed });
    }
  }
}

/** How long nothing has been said in the room, in doublings of the lookback; -1: not even once. */
function doublingsOf({ lastMessageMs }: ListedRoom, { clientMs }: RoomList): number {
  if (lastMessageMs === null) return -1;
  const silentMs = clientMs - lastMessageMs;
  return silentMs < defaultLookbackMs ? -1 : Math.floor(Math.log2(silentMs / defaultLookbackMs));
}
