import type { Workspace } from '../../../src/demo/workspace/workspace.ts';
import { WorkspaceRoom, type RoomSetup } from '../../../src/demo/workspace/workspace-room.ts';
import type { TrashedMessage } from '../../../src/demo/workspace/trash.ts';

/** The rooms of a workspace as they were. */
export type Backup = readonly {
  readonly setup: RoomSetup;
  readonly updatedAtMs: number;
  readonly trash: readonly TrashedMessage[];
}[];

export function backUp(workspace: Workspace): Backup {
  return workspace.rooms.map(
    ({ id, type, name, memberIds, withheld, archived, createdAtMs, messages, updatedAtMs, trash }) => ({
      setup: {
        id,
        type,
        name,
        memberIds: [...memberIds],
        withheld: Object.fromEntries(withheld),
        archived,
        createdAtMs,
        messages: [...messages],
      },
      updatedAtMs,
      trash: trash.messages,
    }),
  );
}

/** Whatever has happened since has not happened. */
export function restore(workspace: Workspace, backup: Backup): void {
  for (const { id } of workspace.rooms) workspace.removeRoom(id);
  for (const { setup, updatedAtMs, trash } of backup) {
    const room = new WorkspaceRoom(setup);
    room.updatedAtMs = updatedAtMs;
    for (const message of trash) room.trash.add(message, message.atMs);
    workspace.addRoom(room);
  }
}
