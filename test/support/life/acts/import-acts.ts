import { storeMessage, type StoredMessage } from '../../../../src/demo/workspace/stored-message.ts';
import type { WorkspaceRoom } from '../../../../src/demo/workspace/workspace-room.ts';
import type { Prng } from '../../../../src/demo/sample/prng.ts';
import { dayMs, isoTime, visible, type LifeWorld } from '../life-world.ts';
import { decorations, type Act } from './message-acts.ts';

function posted(world: LifeWorld, room: WorkspaceRoom, message: StoredMessage, atMs: number): void {
  room.insert(storeMessage({ ...message.document(), rid: room.id, _updatedAt: isoTime(atMs) }));
  world.shows(room);
}

function roomWithMessages({ rooms }: LifeWorld, prng: Prng): WorkspaceRoom | undefined {
  const open = rooms.filter((room) => !room.archived && visible(room).length > 0);
  return open.length === 0 ? undefined : prng.pick(open);
}

/** Messages that come from elsewhere, with dates and ids of their own. */
export const importActs = {
  /** From another system, with the dates they had there. */
  import: (world, prng) => {
    const room = roomWithMessages(world, prng);
    const first = room?.messages[0];
    if (room === undefined || first === undefined) return;
    for (let left = prng.integer(1, 5); left > 0; left -= 1) {
      const ts = isoTime(prng.integer(first.tsMs - dayMs, world.serverMs() - 120_000));
      world.post(room, prng, { ...decorations(prng), ts });
    }
  },
  /** A room is deleted, and imported again: a new room with the same messages. */
  reimport: (world, prng) => {
    const room = roomWithMessages(world, prng);
    if (room === undefined || room.type === 'd') return;
    const messages = visible(room);
    world.workspace.removeRoom(room.id);
    const again = world.openRoom({ name: room.name, type: room.type });
    const atMs = world.stampMs(prng);
    for (const message of messages) posted(world, again, message, atMs);
  },
  /** The last message is deleted, and comes back with its id and its time. */
  revive: (world, prng) => {
    const room = roomWithMessages(world, prng);
    const last = room === undefined ? undefined : visible(room).at(-1);
    if (room === undefined || last === undefined) return;
    room.remove(last.id, world.stampMs(prng));
    world.trueMs += prng.pick([1, 20_000, 3_600_000]);
    posted(world, room, last, world.stampMs(prng));
  },
  /** Deleted in one room and posted in another. */
  move: (world, prng) => {
    const [from, to] = [roomWithMessages(world, prng), roomWithMessages(world, prng)];
    const message = from === undefined ? undefined : prng.pick(visible(from));
    if (from === undefined || to === undefined || from === to || message === undefined) return;
    from.remove(message.id, world.stampMs(prng));
    world.trueMs += prng.integer(1, 10_000);
    posted(world, to, message, world.stampMs(prng));
  },
  /** A message whose `_updatedAt` lies a month ahead. */
  future: (world, prng) => {
    const room = roomWithMessages(world, prng);
    const message = room === undefined ? undefined : prng.pick(visible(room));
    if (room === undefined || message === undefined) return;
    world.change(room, message, prng, { _updatedAt: isoTime(world.serverMs() + 30 * dayMs), msg: 'from the future' });
  },
} as const satisfies Readonly<Record<string, Act>>;
