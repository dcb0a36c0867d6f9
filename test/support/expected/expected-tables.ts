import type { MessageDocument } from '../../../src/demo/workspace/message-document.ts';
import { sampleLogin } from '../../../src/demo/sample/sample-login.ts';
import type { Workspace } from '../../../src/demo/workspace/workspace.ts';
import type { WorkspaceRoom } from '../../../src/demo/workspace/workspace-room.ts';
import {
  type ExpectedMessage,
  type ExpectedRoom,
  type ExpectedRow,
  expectedMessage,
  expectedRoomRow,
} from './expected-rows.ts';
import { expectedMemberRows, expectedUserRows } from './expected-people.ts';

export interface Filters {
  readonly mentionIds?: readonly string[];
  readonly starredIds?: readonly string[];
  readonly pinned?: boolean;
}

/** What one endpoint brings of one room. Within a room the order of messages of one millisecond is the server's. */
export interface ExpectedStream {
  readonly table: 'messages' | 'mentioned_messages';
  readonly room: ExpectedRoom;
  readonly messages: readonly ExpectedMessage[];
  /** Edit-history clones among them. */
  readonly versions: readonly ExpectedMessage[];
  /** Of these the side tables have rows: of all, but for those that another endpoint brings. */
  readonly hasSideRows: (id: string) => boolean;
}

export interface ExpectedArchive {
  readonly streams: readonly ExpectedStream[];
  readonly rooms: readonly ExpectedRow[];
  readonly users: readonly ExpectedRow[];
  readonly members: readonly ExpectedRow[];
}

const roomTypes = { p: 'private', c: 'channel', d: 'direct', l: 'livechat' } as const;

/**
 * What run 1 of a job that reads the selected rooms of the sample login leaves in the tables, from what the workspace
 * stores: every message of the rooms of some kinds, in this order, and the mentions in all. Of archived private rooms it
 * is the history that is read.
 */
export function expectedArchive(
  workspace: Workspace,
  filters: Filters,
  isSelected: (roomName: string) => boolean = () => true,
  tellsVersions = false,
  kinds: readonly WorkspaceRoom['type'][] = ['p'],
  showsRoles = true,
): ExpectedArchive {
  const rooms = workspace.rooms
    .filter(({ memberIds, name }) => memberIds.has(sampleLogin.userId) && isSelected(name))
    .map((stored) => ({
      stored,
      room: { id: stored.id, name: nameOf(stored), title: titleOf(stored, workspace), type: roomTypes[stored.type] },
    }))
    .sort((a, b) => (a.room.name < b.room.name ? -1 : 1));
  // channels.messages reads livechat rooms, too.
  const wholeRooms = kinds.flatMap((kind) =>
    rooms.filter(({ stored: { type } }) => type === kind || (kind === 'c' && type === 'l')),
  );

  const whole = wholeRooms.map(({ stored, room }): ExpectedStream => {
    const sent = visible(stored).map(stored.archived && stored.type === 'p' ? asHistorySends : asMessagesSends);
    const passing = sent.filter((document) => passes(document, filters));
    const clones = tellsVersions && !stored.archived ? hidden(stored).map(asMessagesSends) : [];
    return {
      ...{ table: 'messages', room, messages: passing.map((document) => expectedMessage(document, room, 1)) },
      versions: clones.filter((document) => passes(document, filters)).map((clone) => versionOf(clone, room)),
      hasSideRows: () => true,
    };
  });
  const mentioned = rooms.map(({ stored, room }): ExpectedStream => {
    const sent = visible(stored).filter(mentionsTheLogin);
    const inWhole = whole.find((stream) => stream.room.id === room.id)?.messages ?? [];
    const elsewhere = new Set(inWhole.map(({ id }) => id));
    return {
      ...{ table: 'mentioned_messages', room, messages: sent.map((document) => expectedMessage(document, room, 1)) },
      versions: [],
      hasSideRows: (id) => !elsewhere.has(id),
    };
  });
  const inOrderOfStreams = [...wholeRooms, ...rooms.filter((room) => !wholeRooms.includes(room))];
  return {
    streams: [...whole, ...mentioned],
    rooms: inOrderOfStreams.map(({ stored, room }) => expectedRoomRow(room, stored, 1)),
    users: expectedUserRows(
      workspace,
      [...whole, ...mentioned].flatMap(({ messages }) => messages),
    ),
    members: expectedMemberRows(
      inOrderOfStreams.map(({ stored }) => stored),
      workspace,
      showsRoles,
    ),
  };
}

/** Of a direct room, the real names of the others. */
function titleOf(stored: WorkspaceRoom, workspace: Workspace): string {
  if (stored.type !== 'd') return stored.title ?? stored.name;
  return [...stored.memberIds]
    .filter((id) => id !== sampleLogin.userId)
    .map((id) => workspace.findUser((user) => user.id === id)?.name)
    .join(', ');
}

function nameOf({ type, name, title, parentId }: WorkspaceRoom): string {
  if (type !== 'd') return parentId === null ? name : (title ?? name);
  return name
    .split(',')
    .filter((username) => username !== sampleLogin.user)
    .join(', ');
}

/** Edit-history clones are versions, not messages. */
function visible({ messages }: WorkspaceRoom): readonly MessageDocument[] {
  return messages.filter(({ hidden }) => !hidden).map((message) => message.document());
}

function hidden({ messages }: WorkspaceRoom): readonly MessageDocument[] {
  return messages.filter((message) => message.hidden).map((message) => message.document());
}

function versionOf(clone: MessageDocument, room: ExpectedRoom): ExpectedMessage {
  const message = expectedMessage(clone, room, 1);
  return { ...message, row: { ...message.row, version_id: clone._id, message_id: clone['parent'] } };
}

/** Without the fields that the API's default projection takes away. */
function asMessagesSends(stored: MessageDocument): MessageDocument {
  const sent = { ...asHistorySends(stored) };
  for (const field of ['e2e', 'importIds']) Reflect.deleteProperty(sent, field);
  return sent;
}

/** Of a list of stars only the caller's own is told. */
function asHistorySends(stored: MessageDocument): MessageDocument {
  const { starred } = stored;
  if (!Array.isArray(starred)) return stored;
  const own = (starred as readonly { _id: string }[]).filter(({ _id }) => _id === sampleLogin.userId);
  return { ...stored, starred: own };
}

function mentionsTheLogin({ mentions }: MessageDocument): boolean {
  return ((mentions ?? []) as readonly { username?: string }[]).some(({ username }) => username === sampleLogin.user);
}

function passes(document: MessageDocument, { mentionIds, starredIds, pinned }: Filters): boolean {
  const has = (field: string, ids: readonly string[]): boolean =>
    [document[field] ?? []].flat().some((element) => ids.includes((element as { _id: string })._id));
  return (
    (mentionIds === undefined || has('mentions', mentionIds)) &&
    (starredIds === undefined || has('starred', starredIds)) &&
    (pinned === undefined || (document['pinned'] === true) === pinned)
  );
}
