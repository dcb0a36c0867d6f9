import type { State } from '../../archive/state/state.ts';
import type { Room } from '../../model/room.ts';

/** The rooms of the server's list, each with the names under which earlier runs read it: a job may go on using them. */
export function withFormerNames(rooms: readonly Room[], state: State): readonly Room[] {
  const names = new Map<string, Set<string>>();
  for (const { roomId, roomName, formerNames } of Object.values(state.lists)) {
    const known = names.get(roomId) ?? new Set();
    for (const name of [...formerNames, roomName]) known.add(name);
    names.set(roomId, known);
  }
  return rooms.map((room) => {
    const formerNames = [...(names.get(room.id) ?? [])].filter((name) => name !== room.name).sort();
    return formerNames.length === 0 ? room : { ...room, formerNames };
  });
}
