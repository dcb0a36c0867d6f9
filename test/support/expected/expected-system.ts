import type { MessageDocument } from '../../../src/demo/workspace/message-document.ts';

type Record_ = Readonly<Record<string, unknown>>;

/** What the sample's system messages say, type by type; one that is missing here fails the test. */
const says: Readonly<Record<string, readonly [target: string | null, value: string | null]>> = {
  ...{ uj: [null, null], ul: [null, null], ut: [null, null], rm: [null, null], message_pinned: [null, null] },
  ...{ au: ['msg', null], ru: ['msg', null], 'user-muted': ['msg', null], 'user-unmuted': ['msg', null] },
  ...{ 'subscription-role-added': ['msg', 'role'], room_changed_topic: [null, 'msg'], r: [null, 'msg'] },
  ...{ 'discussion-created': [null, 'msg'], ui: ['msg', null], uir: ['msg', null], videoconf: [null, null] },
  ...{ 'livechat-started': [null, null], 'livechat-close': [null, 'msg'], livechat_video_call: [null, null] },
  ...{ livechat_navigation_history: [null, null], livechat_transfer_history: [null, null] },
  ...{ livechat_transcript_history: [null, null], omnichannel_sla_change_history: [null, null] },
  ...{ omnichannel_priority_change_history: [null, null], omnichannel_placed_chat_on_hold: [null, 'comment'] },
  ...{ omnichannel_on_hold_chat_resumed: [null, 'comment'] },
};

export function expectedSystem(document: MessageDocument): Record_ {
  const type = document['t'];
  const isSystem = typeof type === 'string' && type !== 'e2e';
  const nothing = { system_actor_id: null, system_actor_username: null, system_target: null, system_value: null };
  if (!isSystem) return { is_system: false, ...nothing };
  const fields = says[type];
  if (fields === undefined) throw new Error(`What does a message of type "${type}" say?`);
  const [target, value] = fields;
  const actor = (type === 'rm' ? document['editedBy'] : document.u) as Record_ | undefined;
  return {
    is_system: true,
    system_actor_id: actor?.['_id'] ?? null,
    system_actor_username: actor?.['username'] ?? null,
    system_target: target === null ? null : document[target],
    system_value: value === null ? null : document[value],
  };
}

/** Columns that hold a field as it is. */
export function expectedJson(document: MessageDocument): Record_ {
  const omnichannel = Object.fromEntries(
    ['token', 'navigation', 'transferData', 'requestData', 'slaData', 'priorityData'].flatMap((field) =>
      document[field] === undefined ? [] : [[field, document[field]]],
    ),
  );
  return {
    content: document['content'] ?? null,
    e2e_mentions: document['e2eMentions'] ?? null,
    location: document['location'] ?? null,
    translations: document['translations'] ?? null,
    custom_fields: document['customFields'] ?? null,
    omnichannel: Object.keys(omnichannel).length === 0 ? null : omnichannel,
  };
}

export function expectedQuotes(document: MessageDocument): readonly string[] {
  const links = ((document['attachments'] ?? []) as readonly Record_[]).map((attachment) => attachment['message_link']);
  return links.filter((link) => typeof link === 'string').map((link) => new URL(link).searchParams.get('msg') ?? '');
}
