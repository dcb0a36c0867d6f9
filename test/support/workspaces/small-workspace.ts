import type { MessageDocument } from '../../../src/demo/workspace/message-document.ts';
import { loginUser, sampleUsers } from '../../../src/demo/sample/people.ts';
import { sampleLogin } from '../../../src/demo/sample/sample-login.ts';
import { storeMessage } from '../../../src/demo/workspace/stored-message.ts';
import { Workspace } from '../../../src/demo/workspace/workspace.ts';
import { WorkspaceRoom } from '../../../src/demo/workspace/workspace-room.ts';

export const smallRoomId = 'smallRoom00000001';
/** 2024-01-01T00:00:00Z */
export const smallStartMs = 1_704_067_200_000;

/** A plain message; ids count up, `ts` too, one second apart. */
export function plainMessage(at: number, fields: Readonly<Record<string, unknown>> = {}): MessageDocument {
  const ts = new Date(smallStartMs + at * 1000).toISOString();
  return {
    _id: `m${String(at).padStart(16, '0')}`,
    rid: smallRoomId,
    msg: `message ${at}`,
    ts,
    u: loginUser,
    _updatedAt: ts,
    ...fields,
  };
}

/** One private group `small` of the sample login with these messages: the least that shows a behaviour. */
export function createSmallWorkspace(messages: number | readonly MessageDocument[]): Workspace {
  const documents =
    typeof messages === 'number' ? Array.from({ length: messages }, (_, at) => plainMessage(at)) : messages;
  const room = new WorkspaceRoom({
    id: smallRoomId,
    type: 'p',
    name: 'small',
    memberIds: [sampleLogin.userId],
    createdAtMs: smallStartMs,
    messages: documents.map(storeMessage),
  });
  return new Workspace({
    users: sampleUsers,
    rooms: [room],
    tokens: { [sampleLogin.authToken]: sampleLogin.userId },
  });
}
