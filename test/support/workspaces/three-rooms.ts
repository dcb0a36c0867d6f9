import { loginUser, sampleUsers } from '../../../src/demo/sample/people.ts';
import type { MessageDocument } from '../../../src/demo/workspace/message-document.ts';
import { sampleLogin } from '../../../src/demo/sample/sample-login.ts';
import { storeMessage } from '../../../src/demo/workspace/stored-message.ts';
import { Workspace } from '../../../src/demo/workspace/workspace.ts';
import { WorkspaceRoom } from '../../../src/demo/workspace/workspace-room.ts';

/** 2024-01-01T00:00:00Z */
const startMs = 1_704_067_200_000;

/** Message number `at` of a room: now and then a tie, a mention, a reaction, an edit-history clone, a line break. */
export function messageOf(roomId: string, at: number): MessageDocument {
  const ts = new Date(startMs + (at - Number(at % 10 === 9)) * 1000).toISOString();
  return {
    _id: `${roomId}-${String(at).padStart(6, '0')}`,
    rid: roomId,
    msg: at % 6 === 0 ? `line ${at}\n"quoted", naïve 🚀` : `message ${at} of ${roomId}`,
    ts,
    u: loginUser,
    _updatedAt: ts,
    ...(at % 4 === 0 && { mentions: [loginUser] }),
    ...(at % 7 === 0 && { reactions: { ':wave:': { usernames: [loginUser.username] } } }),
    ...(at % 23 === 22 && { _hidden: true, parent: `${roomId}-000000` }),
  };
}

export function roomOf(id: string, messages: number): WorkspaceRoom {
  return new WorkspaceRoom({
    id,
    type: 'p',
    name: `${id}-room`,
    memberIds: [sampleLogin.userId],
    createdAtMs: startMs,
    messages: Array.from({ length: messages }, (_, at) => storeMessage(messageOf(id, at))),
  });
}

/** Three private groups of the sample login; by default a few hundred messages in all. */
export function threeRooms(sizes: readonly [number, number, number] = [120, 75, 40]): Workspace {
  const ids = ['alpha', 'beta', 'gamma'];
  return new Workspace({
    users: sampleUsers,
    rooms: ids.map((id, index) => roomOf(id, sizes[index] ?? 0)),
    tokens: { [sampleLogin.authToken]: sampleLogin.userId },
  });
}

/** The room grows by so many messages, a second apart like those before. */
export function post(workspace: Workspace, roomId: string, count: number): void {
  const room = workspace.room(roomId);
  if (room === undefined) throw new Error(`There is no room "${roomId}"`);
  const from = room.messages.length;
  for (let at = from; at < from + count; at += 1) room.insert(storeMessage(messageOf(roomId, at)));
}
