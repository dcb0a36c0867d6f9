import type { RawMessage } from '../model/message.ts';
import type { SystemMessage } from '../model/flat-message.ts';
import type { BadFields } from './field-readers.ts';
import { readString } from './field-readers.ts';

/** Of these `msg` is the username of whom it was done to. Source: packages/message-types/src/registrations/common.ts */
const targetTypes: ReadonlySet<string> = new Set([
  ...['au', 'ru', 'ui', 'uir', 'user-muted', 'user-unmuted', 'user-banned', 'user-unbanned', 'mute_unmute'],
  ...['new-moderator', 'moderator-removed', 'new-owner', 'owner-removed', 'new-leader', 'leader-removed'],
  ...['subscription-role-added', 'subscription-role-removed', 'added-user-to-team', 'removed-user-from-team'],
  'abac-removed-user-from-room',
]);

/** Where the value stands that a type sets. Source: the same, and livechat.ts and omnichannel.ts beside it. */
const valueFields: ReadonlyMap<string, 'msg' | 'role' | 'comment'> = new Map([
  ...['r', 'room_changed_privacy', 'room_changed_description', 'room_changed_announcement'].map(ofMsg),
  ...['room_changed_topic', 'room_changed_avatar', 'discussion-created', 'livechat-close'].map(ofMsg),
  ...['user-converted-to-team', 'user-converted-to-channel', 'user-added-room-to-team'].map(ofMsg),
  ...['user-removed-room-from-team', 'user-deleted-room-from-team'].map(ofMsg),
  ['subscription-role-added', 'role'],
  ['subscription-role-removed', 'role'],
  ['omnichannel_placed_chat_on_hold', 'comment'],
  ['omnichannel_on_hold_chat_resumed', 'comment'],
]);

function ofMsg(type: string): [string, 'msg'] {
  return [type, 'msg'];
}

const nobody: SystemMessage = { systemActorId: null, systemActorUsername: null, systemTarget: null, systemValue: null };

/** Encrypted messages have a type, too, and are people's own. */
export function isSystemType(type: string | null): boolean {
  return type !== null && type !== 'e2e';
}

/** The field beside `msg` that a column is read from in messages of this type, and in no others. */
export function systemValueField(type: string | null): string | undefined {
  return type === null ? undefined : valueFields.get(type);
}

/** Who did what: the server writes most system messages in the name of the user who caused them. */
export function readSystemMessage(
  raw: RawMessage,
  { type, msg, userId, username, editedById, editedByUsername }: SystemMessageParts,
  bad: BadFields,
): SystemMessage {
  if (type === null || !isSystemType(type)) return nobody;
  const field = valueFields.get(type);
  return {
    // The sender of a deleted message stays its sender.
    systemActorId: type === 'rm' ? editedById : userId,
    systemActorUsername: type === 'rm' ? editedByUsername : username,
    systemTarget: targetTypes.has(type) ? msg : null,
    systemValue: field === undefined ? null : field === 'msg' ? msg : readString(raw[field], field, bad),
  };
}

/** What of the message has been read already. */
interface SystemMessageParts {
  readonly type: string | null;
  readonly msg: string | null;
  readonly userId: string | null;
  readonly username: string | null;
  readonly editedById: string | null;
  readonly editedByUsername: string | null;
}
