import type { MessageDocument } from '../../../../src/demo/workspace/message-document.ts';
import type { Workspace } from '../../../../src/demo/workspace/workspace.ts';

/** One state of a message: null while it is nowhere, or hidden. */
export interface Version {
  /** Number of the act that made it so. */
  readonly act: number;
  readonly document: MessageDocument | null;
  /** The room it stands in; of one that is gone, stood in. */
  readonly roomId: string;
  /** Who made it so. */
  readonly by: string;
}

/** Every state that every message ever had, noted by looking at the whole workspace after each act. */
export class Ledger {
  readonly #versions = new Map<string, Version[]>();
  /** Ids of edit-history clones and of messages that were hidden. */
  readonly hidden = new Set<string>();
  #acts = 0;

  /** Number of the newest act. */
  get now(): number {
    return this.#acts;
  }

  note(workspace: Workspace, by: string): void {
    const act = (this.#acts += 1);
    const here = new Set<string>();
    for (const room of workspace.rooms) {
      for (const message of room.messages) {
        if (message.hidden) {
          this.hidden.add(message.id);
          continue;
        }
        here.add(message.id);
        const document = message.document();
        if (this.newest(message.id)?.document !== document)
          this.#add(message.id, { act, document, roomId: room.id, by });
      }
    }
    for (const [id, versions] of this.#versions) {
      const newest = versions.at(-1);
      if (newest === undefined || here.has(id)) continue;
      // After a restore the server knows no more of what had been deleted since the backup.
      const isForgotten = by === 'restore' && newest.by !== by;
      if (newest.document === null && !isForgotten) continue;
      this.#add(id, { act, document: null, roomId: newest.roomId, by });
    }
  }

  get ids(): Iterable<string> {
    return this.#versions.keys();
  }

  newest(id: string): Version | undefined {
    return this.#versions.get(id)?.at(-1);
  }

  /** Oldest first. */
  versions(id: string): readonly Version[] {
    return this.#versions.get(id) ?? [];
  }

  #add(id: string, version: Version): void {
    const known = this.#versions.get(id);
    if (known === undefined) this.#versions.set(id, [version]);
    else known.push(version);
  }
}
