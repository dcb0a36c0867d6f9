import type { MessageGroup } from '../read/message-groups.ts';
import { timeOfLine } from '../read/row-line.ts';

/** Which messages a transcript is of; what is left out asks for all. */
export interface Selection {
  /** By id. */
  readonly rooms?: ReadonlySet<string>;
  /** Sent then or later. Epoch milliseconds. */
  readonly sinceMs?: number;
  /** Sent before then. */
  readonly untilMs?: number;
  /** Ids or usernames. */
  readonly users?: ReadonlySet<string>;
  /** Messages of the room before and behind each that is asked for, to be shown with it. */
  readonly context: number;
}

export interface SelectedGroup extends MessageGroup {
  /** `hit`: asked for; `context`: shown because of one; `out`: neither. */
  readonly part: 'hit' | 'context' | 'out';
}

/** All messages in their order, and which of them the transcript shows. In memory: as many as the context. */
export async function* select(
  batches: AsyncIterable<readonly MessageGroup[]>,
  selection: Selection,
): AsyncGenerator<readonly SelectedGroup[]> {
  const selecting = new Selecting(selection);
  for await (const groups of batches) {
    const selected = groups.flatMap((group) => selecting.add(group));
    if (selected.length > 0) yield selected;
  }
  yield selecting.rest();
}

class Selecting {
  readonly #selection: Selection;
  /** Not known yet whether they are shown. */
  #before: MessageGroup[] = [];
  #behind = 0;
  #roomId: string | undefined;

  constructor(selection: Selection) {
    this.#selection = selection;
  }

  /** Those that are known by now to be shown, or not. */
  add(group: MessageGroup): readonly SelectedGroup[] {
    const { context } = this.#selection;
    const of = group.roomId === this.#roomId ? [] : this.rest();
    this.#roomId = group.roomId;
    // What is only known to be gone is no message to be counted.
    const isMessage = isKnown(group);
    if (isMessage && isHit(group, this.#selection)) {
      const earlier = this.#before.map((one) => selected(one, isKnown(one) ? 'context' : 'out'));
      if (earlier.length > 0) this.#before = [];
      this.#behind = context;
      return [...of, ...earlier, selected(group, 'hit')];
    }
    if (isMessage && this.#behind > 0 && isInRooms(group, this.#selection)) {
      this.#behind -= 1;
      return [...of, selected(group, 'context')];
    }
    this.#before.push(group);
    const isFull = this.#before.length > (isInRooms(group, this.#selection) ? context : 0);
    return isFull ? [...of, ...this.#before.splice(0, 1).map((one) => selected(one, 'out'))] : of;
  }

  /** Those of the last room that are left. */
  rest(): readonly SelectedGroup[] {
    const out = this.#before.map((group) => selected(group, 'out'));
    [this.#before, this.#behind] = [[], 0];
    return out;
  }
}

function selected({ roomId, messageId, lines, trees }: MessageGroup, part: SelectedGroup['part']): SelectedGroup {
  return { roomId, messageId, lines, trees, part };
}

function isKnown({ lines }: MessageGroup): boolean {
  return lines.some(({ isDeleted }) => !isDeleted);
}

function isInRooms({ roomId }: MessageGroup, { rooms }: Selection): boolean {
  return rooms === undefined || rooms.has(roomId);
}

function isHit(group: MessageGroup, selection: Selection): boolean {
  const { sinceMs, untilMs, users } = selection;
  if (!isInRooms(group, selection)) return false;
  const [line] = group.lines;
  const tsMs = line === undefined ? 0 : timeOfLine(line);
  if (sinceMs !== undefined && tsMs < sinceMs) return false;
  if (untilMs !== undefined && tsMs >= untilMs) return false;
  return users === undefined || group.lines.some(({ userId, username }) => users.has(userId) || users.has(username));
}
