import type { MessageRow } from '../read/message-row.ts';
import { html, type Html } from '../markup/html.ts';
import { plainName } from '../markup/plain-name.ts';

/**
 * What the server's own messages say, as its clients do: `{target}` and `{value}` are what the columns of those names hold.
 * Source: packages/message-types/src/registrations and packages/i18n/src/locales/en.i18n.json
 */
const sentences: Readonly<Record<string, string>> = {
  uj: 'joined the room',
  ujt: 'joined the team',
  ul: 'left the room',
  ult: 'left the team',
  ut: 'joined the conversation',
  au: 'added {target} to the room',
  ru: 'removed {target} from the room',
  ui: 'invited {target} to the room',
  uir: 'declined the invitation to the room',
  'added-user-to-team': 'added {target} to the team',
  'removed-user-from-team': 'removed {target} from the team',
  'user-muted': 'muted {target}',
  'user-unmuted': 'unmuted {target}',
  'user-banned': 'banned {target}',
  'user-unbanned': 'lifted the ban of {target}',
  mute_unmute: 'muted or unmuted {target}',
  'subscription-role-added': 'gave {target} the role {value}',
  'subscription-role-removed': 'took the role {value} from {target}',
  'new-moderator': 'made {target} a moderator',
  'moderator-removed': 'took the role moderator from {target}',
  'new-owner': 'made {target} an owner',
  'owner-removed': 'took the role owner from {target}',
  'new-leader': 'made {target} a leader',
  'leader-removed': 'took the role leader from {target}',
  r: 'changed the name of the room to {value}',
  room_changed_topic: 'set the topic to {value}',
  room_changed_description: 'set the description to {value}',
  room_changed_announcement: 'set the announcement to {value}',
  room_changed_avatar: 'changed the picture of the room',
  room_changed_privacy: 'made the room {value}',
  'room-archived': 'archived the room',
  'room-unarchived': 'took the room out of the archive',
  'room-set-read-only': 'made the room read-only',
  'room-removed-read-only': 'let everybody write in the room again',
  'room-allowed-reacting': 'allowed reactions',
  'room-disallowed-reacting': 'disallowed reactions',
  room_e2e_enabled: 'turned on end-to-end encryption',
  room_e2e_disabled: 'turned off end-to-end encryption',
  'user-converted-to-team': 'turned the room {value} into a team',
  'user-converted-to-channel': 'turned the team {value} into a channel',
  'user-added-room-to-team': 'added the room {value} to the team',
  'user-removed-room-from-team': 'removed the room {value} from the team',
  'user-deleted-room-from-team': 'deleted the room {value} of the team',
  message_pinned: 'pinned a message',
  message_pinned_e2e: 'pinned an encrypted message',
  'discussion-created': 'started the discussion {value}',
  videoconf: 'started a video conference',
  jitsi_call_started: 'started a call',
  command: 'used a command',
  rm: 'removed a message',
  wm: 'was welcomed',
  'livechat-close': 'ended the conversation: {value}',
  'livechat-started': 'began the conversation',
  livechat_navigation_history: 'visited a page',
  livechat_transfer_history: 'handed the conversation over',
  livechat_transcript_history: 'asked for a transcript of the conversation',
  livechat_video_call: 'started a video call',
  omnichannel_placed_chat_on_hold: 'put the conversation on hold: {value}',
  omnichannel_on_hold_chat_resumed: 'resumed the conversation: {value}',
};

/** A system message as a sentence, whose subject is its author; of a type that is not known here, what it holds. */
export function systemSentence(row: MessageRow): Html {
  const { type, msg } = row;
  const parts = partsOf(row);
  if (parts === undefined)
    return html`system message <code>${type}</code>${msg === null || msg === '' ? null : html`: ${msg}`}`;
  return html`${parts.map((part) => (typeof part === 'string' ? part : named(part.name)))}`;
}

/** The same as plain text. */
export function systemText(row: MessageRow): string {
  const { type, msg } = row;
  const parts = partsOf(row);
  if (parts === undefined) return `system message ${type ?? ''}${msg === null || msg === '' ? '' : `: ${msg}`}`;
  return parts.map((part) => (typeof part === 'string' ? part : (part.name ?? 'not recorded'))).join('');
}

function partsOf({
  type,
  target,
  value,
  msg,
}: MessageRow): readonly (string | { readonly name: string | null })[] | undefined {
  const sentence = type === null ? undefined : sentences[Object.hasOwn(sentences, type) ? type : ''];
  return sentence?.split(/(\{target\}|\{value\})/).map((part) => {
    if (part === '{target}') return { name: target ?? msg };
    return part === '{value}' ? { name: value ?? msg } : part;
  });
}

function named(name: string | null): Html {
  return name === null || name === '' ? html`<em>not recorded</em>` : html`<bdi>${plainName(name)}</bdi>`;
}
