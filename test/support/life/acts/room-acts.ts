import { sampleLogin } from '../../../../src/demo/sample/sample-login.ts';
import type { Act } from './message-acts.ts';
import { decorations } from './message-acts.ts';
import type { LifeWorld } from '../life-world.ts';
import type { Prng } from '../../../../src/demo/sample/prng.ts';
import type { WorkspaceRoom } from '../../../../src/demo/workspace/workspace-room.ts';

function group({ rooms }: LifeWorld, prng: Prng): WorkspaceRoom | undefined {
  const named = rooms.filter(({ type }) => type === 'p' || type === 'c');
  return named.length === 0 ? undefined : prng.pick(named);
}

/** Not the last of its kind: an entry of a job that finds no room at all is an error. */
function spareGroup(world: LifeWorld, prng: Prng): WorkspaceRoom | undefined {
  const room = group(world, prng);
  return world.rooms.filter(({ type }) => type === room?.type).length > 1 ? room : undefined;
}

/** What happens to rooms as a whole. */
export const roomActs = {
  open: (world, prng) => {
    const id = world.newId('n');
    const room = world.openRoom({ name: `room-${id}`, type: prng.pick(['p', 'p', 'c']) });
    for (let left = prng.integer(0, 130); left > 0; left -= 1) {
      world.trueMs += prng.integer(0, 2_000);
      world.post(room, prng, decorations(prng));
    }
  },
  rename: (world, prng) => {
    const room = group(world, prng);
    if (room === undefined) return;
    const former = room.name;
    room.name = world.newId('renamed-');
    world.shows(room);
    // The name it had is free for another room.
    if (prng.chance(0.3)) world.post(world.openRoom({ name: former, type: room.type }), prng);
  },
  archive: (world, prng) => {
    const room = group(world, prng);
    if (room === undefined) return;
    room.archived = !room.archived;
    world.shows(room);
  },
  /** A group is made public, or a channel private. */
  convert: (world, prng) => {
    const room = spareGroup(world, prng);
    if (room === undefined || room.archived) return;
    room.type = room.type === 'p' ? 'c' : 'p';
    world.shows(room);
  },
  leave: (world, prng) => {
    spareGroup(world, prng)?.memberIds.delete(sampleLogin.userId);
  },
  join: (world, prng) => {
    const left = world.workspace.rooms.filter(({ memberIds }) => !memberIds.has(sampleLogin.userId));
    if (left.length > 0) prng.pick(left).memberIds.add(sampleLogin.userId);
  },
  /** Federated servers invite; the login accepts some day, or does not. Source: core-typings, ISubscription.ts */
  invite: (world, prng) => {
    const room = world.openRoom({ name: `invited-${world.newId('n')}`, type: 'p' });
    world.post(room, prng, decorations(prng));
    room.withheld.set(sampleLogin.userId, 'INVITED');
  },
  ban: (world, prng) => {
    spareGroup(world, prng)?.withheld.set(sampleLogin.userId, 'BANNED');
  },
  /** An invitation is accepted, or a ban lifted. */
  admit: (world, prng) => {
    const withheld = world.workspace.rooms.filter(({ withheld: users }) => users.has(sampleLogin.userId));
    if (withheld.length > 0) prng.pick(withheld).withheld.delete(sampleLogin.userId);
  },
  demolish: (world, prng) => {
    const room = spareGroup(world, prng);
    if (room !== undefined) world.workspace.removeRoom(room.id);
  },
} as const satisfies Readonly<Record<string, Act>>;
