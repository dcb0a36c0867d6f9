import { readConversations } from './conversations.ts';
import type { Topic } from './conversations.ts';
import type { MessageDraft } from './messages/message-draft.ts';
import { ageMessage } from './messages/old-shapes.ts';
import { sampleUsers } from './people.ts';
import { createPrng } from './prng.ts';
import { sampleAvatars } from './files/sample-avatars.ts';
import { uploadsOf } from './messages/sample-attachments.ts';
import { appMessages } from './messages/sample-app-messages.ts';
import { decorate } from './messages/sample-decorations.ts';
import { importedMessages, tieNeighbours } from './messages/sample-imports.ts';
import { livechat, livechatFields } from './messages/sample-livechat.ts';
import { sampleLogin } from './sample-login.ts';
import { opsRoomId, roomPlans } from './sample-plan.ts';
import type { SampleRoom } from './sample-plan.ts';
import { discussionCreated, openingMessages } from './messages/sample-system-messages.ts';
import { holdConversations } from './messages/sample-talk.ts';
import { storeMessage, type StoredMessage } from '../workspace/stored-message.ts';
import { Workspace, type WorkspaceUpload } from '../workspace/workspace.ts';
import { WorkspaceRoom } from '../workspace/workspace-room.ts';

/**
 * The workspace of a small company that does not exist, 2018 to 2025: some 3,600 messages in private groups, channels,
 * a direct room and a chat with a visitor, with everything that years of use leave in a database. The same documents on every machine.
 */
export function createSampleWorkspace(): Workspace {
  const { messages, uploads, avatars } = (made ??= makeContents());
  return new Workspace({
    users: sampleUsers,
    rooms: roomPlans.map((plan) => buildRoom(plan, messages.get(plan.id) ?? [])),
    uploads,
    avatars,
    tokens: { [sampleLogin.authToken]: sampleLogin.userId },
  });
}

/** What all sample workspaces of a process begin with. A change replaces a message in its room, and changes none. */
interface Contents {
  readonly messages: ReadonlyMap<string, readonly StoredMessage[]>;
  readonly uploads: readonly WorkspaceUpload[];
  readonly avatars: Readonly<Record<string, WorkspaceUpload>>;
}

/** A tenth of a second to make, and tests serve dozens of workspaces. */
let made: Contents | undefined;

function makeContents(): Contents {
  const drafts = draftRooms();
  return {
    messages: new Map([...drafts].map(([id, ofRoom]) => [id, ofRoom.map((draft) => storeMessage(draft))])),
    uploads: uploadsOf([...drafts.values()].flat()),
    avatars: sampleAvatars(['leila.h', 'noa', 'tomasz.r', `room/${opsRoomId}`]),
  };
}

function draftRooms(): ReadonlyMap<string, readonly MessageDraft[]> {
  const conversations = readConversations();
  const prng = createPrng(20250627);
  const rooms = new Map(
    roomPlans.map((plan): [string, MessageDraft[]] => {
      const about = new Set<Topic>(plan.topics);
      const all = conversations.filter(({ topic }) => about.has(topic));
      const ours = all.slice(0, Math.ceil(all.length * (plan.share ?? 1)));
      const talk = holdConversations(plan, ours, prng);
      const decorations = decorate(plan, talk, prng);
      const imported = plan.imported === undefined ? [] : importedMessages(plan, plan.imported, prng);
      const opening = openingMessages(plan, prng);
      return [plan.id, [...imported, ...opening, ...talk, ...decorations, ...appMessages(plan), ...livechat(plan)]];
    }),
  );
  for (const plan of roomPlans) {
    const parent = roomPlans.find(({ id }) => id === plan.parentId);
    if (parent) rooms.get(parent.id)?.push(discussionCreated(plan, rooms.get(plan.id) ?? [], parent, prng));
  }
  for (const drafts of rooms.values()) {
    drafts.sort((a, b) => (a.ts < b.ts ? -1 : a.ts > b.ts ? 1 : 0));
    tieNeighbours(drafts);
    for (const draft of drafts) ageMessage(draft);
  }
  return rooms;
}

function buildRoom(plan: SampleRoom, messages: readonly StoredMessage[]): WorkspaceRoom {
  const [owner] = plan.members;
  return new WorkspaceRoom({
    id: plan.id,
    type: plan.type,
    name: plan.name,
    ...(plan.title === undefined ? {} : { title: plan.title }),
    ...(plan.withheld === undefined ? {} : { withheld: { [sampleLogin.userId]: plan.withheld } }),
    memberIds: plan.members.map(({ _id }) => _id),
    ...(owner === undefined || plan.type === 'd' ? {} : { memberRoles: { [owner._id]: ['owner'] } }),
    archived: plan.archived ?? false,
    ...(plan.parentId === undefined ? {} : { parentId: plan.parentId }),
    createdAtMs: Date.parse(plan.from),
    fields: {
      ...(owner === undefined || plan.type === 'd' ? {} : { u: owner }),
      ...(plan.about === undefined ? {} : { topic: plan.about }),
      ...(plan.encrypted === undefined ? {} : { encrypted: true }),
      ...(plan.type === 'l' ? livechatFields : {}),
    },
    messages,
  });
}
