import type { Room } from '../../model/room.ts';

/** The names of the rooms that a connection has listed so far: errors about a request show them beside its room id. */
export class RoomNames {
  readonly #byId = new Map<string, string>();

  of(roomId: string | undefined): string | undefined {
    return roomId === undefined ? undefined : this.#byId.get(roomId);
  }

  async fromList(listing: Promise<readonly Room[]>): Promise<readonly Room[]> {
    const rooms = await listing;
    for (const { id, name } of rooms) this.#byId.set(id, name);
    return rooms;
  }
}
