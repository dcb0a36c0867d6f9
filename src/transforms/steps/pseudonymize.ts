import { secretFingerprint } from '../../secret-fingerprint.ts';
import type { RoomDetails } from '../../model/room.ts';
import type { FlatMessage } from '../../model/flat-message.ts';
import { knownNames, nobody } from './known-names.ts';
import { Pseudonyms } from './pseudonyms.ts';
import { PseudonymousText } from './pseudonymous-text.ts';
import type { Step } from './step.ts';

/**
 * System messages whose `msg` is a title, a topic, a comment or a ciphertext. Of all others, also of types that a later
 * server will know, `msg` is taken for the name of a user (`uj`, `au`, `ru`, `user-muted`…) and replaced as a whole.
 */
const textTypes: ReadonlySet<string> = new Set([
  ...['e2e', 'r', 'rm', 'command', 'videoconf', 'discussion-created', 'message_pinned', 'message_pinned_e2e'],
  ...['room_changed_privacy', 'room_changed_description', 'room_changed_announcement', 'room_changed_topic'],
  ...['user-converted-to-team', 'user-converted-to-channel', 'user-added-room-to-team'],
  ...['user-removed-room-from-team', 'user-deleted-room-from-team', 'livechat-close', 'livechat_navigation_history'],
]);

/** Ids of the rooms of two users are their two ids joined; all others are shorter. */
const longestOtherRoomId = 24;

/**
 * Puts keyed pseudonyms in place of user ids, usernames and names in every column, of @mentions in texts, and of
 * names in texts that the message itself carries. Columns of json are emptied: names hide there in places nobody knows.
 *
 * What it cannot find: a name typed without `@` of somebody who has no part in the message.
 *
 * @param key a secret; another key makes other pseudonyms
 */
export function pseudonymizeStep(key: string): Step {
  const pseudonyms = new Pseudonyms(key);
  const texts = new PseudonymousText(pseudonyms);
  return {
    name: 'pseudonymize',
    settings: { keyFingerprint: secretFingerprint(key) },
    message: (message) => pseudonymousMessage(message, pseudonyms, texts),
    alsoTombstones: true,
    room: (room) => ({
      ...room,
      id: roomId(room.type, room.id, pseudonyms),
      name: roomName(room.type, room.name, pseudonyms),
      ...(room.displayName !== undefined && { displayName: roomName(room.type, room.displayName, pseudonyms) }),
      ...(room.details !== undefined && { details: pseudonymousDetails(room.details, pseudonyms, texts) }),
      // A discussion in a direct room.
      parentId:
        room.parentId !== null && room.parentId.length > longestOtherRoomId
          ? pseudonyms.room(room.parentId)
          : room.parentId,
    }),
    person: (person) => ({
      ...person,
      id: pseudonyms.user(person.id),
      username: person.username && pseudonyms.user(person.username),
      name: person.name && pseudonyms.user(person.name),
    }),
    member: (member) => ({
      ...member,
      roomId: roomId(member.roomType, member.roomId, pseudonyms),
      userId: pseudonyms.user(member.userId),
      username: member.username && pseudonyms.user(member.username),
      name: member.name && pseudonyms.user(member.name),
    }),
  };
}

/** Nobody is known to take part in a room: names in its texts are found by their `@` only. */
function pseudonymousDetails(details: RoomDetails, pseudonyms: Pseudonyms, texts: PseudonymousText): RoomDetails {
  const text = (value: string | null): string | null => value && texts.of(value, new Set());
  return {
    ...details,
    topic: text(details.topic),
    description: text(details.description),
    ownerId: details.ownerId && pseudonyms.user(details.ownerId),
  };
}

function pseudonymousMessage(message: FlatMessage, pseudonyms: Pseudonyms, texts: PseudonymousText): FlatMessage {
  const names = knownNames(message);
  const user = (name: string): string => pseudonyms.user(name);
  const userOrNull = (name: string | null): string | null => (name === null || name === '' ? name : user(name));
  const somebody = (name: string | null): string | null =>
    name !== null && nobody.has(name) ? name : userOrNull(name);
  const text = (value: string): string => texts.of(value, names);
  const textOrNull = (value: string | null): string | null => value && text(value);
  const said = message.type === null || textTypes.has(message.type) ? textOrNull : userOrNull;
  return {
    ...message,
    roomId: roomId(message.roomType, message.roomId, pseudonyms),
    roomName: roomName(message.roomType, message.roomName, pseudonyms),
    roomTitle: roomName(message.roomType, message.roomTitle, pseudonyms),
    userId: userOrNull(message.userId),
    username: userOrNull(message.username),
    userName: userOrNull(message.userName),
    alias: userOrNull(message.alias),
    systemActorId: userOrNull(message.systemActorId),
    systemActorUsername: userOrNull(message.systemActorUsername),
    systemTarget: userOrNull(message.systemTarget),
    systemValue: textOrNull(message.systemValue),
    msg: said(message.msg),
    text: said(message.text),
    links: message.links.map(({ url, label }) => ({ url: text(url), label: textOrNull(label) })),
    mentions: message.mentions.map(({ id, username, name, type }) => ({
      id: somebody(id),
      username: somebody(username),
      name: somebody(name),
      type,
    })),
    reactions: message.reactions.map((reaction) => ({
      ...reaction,
      usernames: reaction.usernames.map(user),
      names: reaction.names.map(userOrNull),
    })),
    threadFollowerIds: message.threadFollowerIds.map(user),
    editedById: userOrNull(message.editedById),
    editedByUsername: userOrNull(message.editedByUsername),
    pinnedByUsername: userOrNull(message.pinnedByUsername),
    starredByIds: message.starredByIds.map(user),
    attachments: message.attachments.map((attachment) => ({
      ...attachment,
      title: textOrNull(attachment.title),
      author: userOrNull(attachment.author),
      text: textOrNull(attachment.text),
      url: textOrNull(attachment.url),
      urls: attachment.urls.map(text),
    })),
    urls: message.urls.map(text),
    location: null,
    content: null,
    e2eMentions: null,
    translations: null,
    omnichannel: null,
    customFields: null,
    extra: null,
    md: null,
    // A step after this one must not bring them back.
    raw: {},
  };
}

function roomId(type: string, id: string, pseudonyms: Pseudonyms): string {
  return type === 'direct' ? pseudonyms.room(id) : id;
}

/** Direct rooms are named after the other people, conversations with visitors after the visitor. */
function roomName(type: string, name: string, pseudonyms: Pseudonyms): string {
  switch (type) {
    case 'direct':
      return name
        .split(', ')
        .map((username) => pseudonyms.user(username))
        .join(', ');
    case 'livechat':
    case 'voip':
      return pseudonyms.user(name);
    default:
      return name;
  }
}
