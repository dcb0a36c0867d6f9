import { changeKey } from '../rocketchat/changes.ts';
import type { OpenRun } from './open-run.ts';

/**
 * Which versions of messages a run exported, as far as the next run must know: those since the time from which it will
 * ask for changes, so that it takes none of them for news. Of rooms whose changes this run reads also which messages
 * its own walks brought: they have their row, and another one of the same run could not be told from it.
 */
export class ExportedVersions {
  readonly #changesFromMs: number;
  readonly #rooms = new Map<string, RoomVersions>();

  constructor({ changes, changesFromMs }: Pick<OpenRun, 'changes' | 'changesFromMs'>) {
    this.#changesFromMs = changesFromMs;
    for (const { room, cursor } of changes) {
      this.#rooms.set(room.id, { sinceMs: cursor.watermark?.tsMs ?? 0, keys: new Set(), walked: new Set() });
    }
  }

  /** A message that a walk brought. */
  walked(roomId: string, id: string, updatedAt: Date | null): void {
    const room = this.#room(roomId);
    room.walked?.add(id);
    if (updatedAt !== null && updatedAt.getTime() > room.sinceMs) {
      room.keys.add(changeKey({ kind: 'updated', id, atMs: updatedAt.getTime() }));
    }
  }

  /** A change that was taken. */
  changed(roomId: string, key: string): void {
    this.#room(roomId).keys.add(key);
  }

  hasWalked(roomId: string, id: string): boolean {
    return this.#rooms.get(roomId)?.walked?.has(id) ?? false;
  }

  has(roomId: string, key: string): boolean {
    return this.#rooms.get(roomId)?.keys.has(key) ?? false;
  }

  /** By room, in order of what was said first. */
  keys(): Readonly<Record<string, readonly string[]>> {
    return Object.fromEntries([...this.#rooms].map(([roomId, { keys }]) => [roomId, [...keys]]));
  }

  #room(roomId: string): RoomVersions {
    const known = this.#rooms.get(roomId);
    if (known !== undefined) return known;
    const room: RoomVersions = { sinceMs: this.#changesFromMs, keys: new Set(), walked: null };
    this.#rooms.set(roomId, room);
    return room;
  }
}

interface RoomVersions {
  readonly sinceMs: number;
  readonly keys: Set<string>;
  /** null: nobody asks. */
  readonly walked: Set<string> | null;
}
