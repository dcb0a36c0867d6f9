import { sampleUsers } from '../../../src/demo/sample/people.ts';
import { sampleLogin } from '../../../src/demo/sample/sample-login.ts';
import { storeMessage, type StoredMessage } from '../../../src/demo/workspace/stored-message.ts';
import { Workspace, type WorkspaceUpload } from '../../../src/demo/workspace/workspace.ts';
import { WorkspaceRoom } from '../../../src/demo/workspace/workspace-room.ts';
import { messageOf } from './three-rooms.ts';

/** A file as a test says it; the message says the same unless told otherwise. */
export interface SentFile {
  readonly id: string;
  readonly name?: string;
  readonly type?: string;
  readonly content?: string | Uint8Array;
  /** By the word of the message. */
  readonly says?: number;
}

const uploadedAtMs = 1_704_067_200_000;

function uploadOf({
  id,
  name = `${id}.txt`,
  type = 'text/plain',
  content = `content of ${id}`,
}: SentFile): WorkspaceUpload {
  return { id, name, type, content: Buffer.from(content), uploadedAtMs, roomId: 'alpha' };
}

/** Message number `at` of the room, with the file. Source of the fields: app/file-upload/server/methods/sendFileMessage.ts */
export function fileMessage(roomId: string, at: number, sent: SentFile): StoredMessage {
  const { id, name, type, content } = uploadOf(sent);
  const size = sent.says ?? content.length;
  const link = `/file-upload/${encodeURIComponent(id)}/${encodeURIComponent(name)}`;
  const file = { _id: id, name, type, size };
  const attachment = { type: 'file', title: name, title_link: link, title_link_download: true, size };
  return storeMessage({ ...messageOf(roomId, at), msg: '', file, files: [file], attachments: [attachment] });
}

/** A group `alpha` of the sample login, with a message for each file. */
export function fileWorkspace(
  files: readonly SentFile[],
  avatars: Readonly<Record<string, WorkspaceUpload>> = {},
): Workspace {
  const room = new WorkspaceRoom({
    ...{ id: 'alpha', type: 'p', name: 'alpha-room', memberIds: [sampleLogin.userId], createdAtMs: uploadedAtMs },
    messages: files.map((file, at) => fileMessage('alpha', at, file)),
  });
  return new Workspace({
    users: sampleUsers,
    rooms: [room],
    uploads: files.map(uploadOf),
    avatars,
    tokens: { [sampleLogin.authToken]: sampleLogin.userId },
  });
}

/** One more message with a file. */
export function send(workspace: Workspace, sent: SentFile): void {
  const room = workspace.room('alpha');
  if (room === undefined) throw new Error('There is no room "alpha"');
  workspace.setUpload(uploadOf(sent));
  room.insert(fileMessage('alpha', room.messages.length, sent));
}
