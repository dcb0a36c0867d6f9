import { hourMs } from '../../../model/time/durations.ts';
import { iso, touch, type MessageDraft } from './message-draft.ts';
import type { MessageAuthor } from '../../workspace/message-document.ts';
import { loginUser, people } from '../people.ts';
import { createPrng } from '../prng.ts';
import { livechatRoomId, type SampleRoom } from '../sample-plan.ts';
import { systemMessage } from './sample-system-messages.ts';

const token = 'k2v9q7x1m4';
const visitor: MessageAuthor = { _id: '685011f0e3b7d2586f90b2c7', username: 'guest-41', name: 'Marguerite Okonjo' };
const colleague = people.find(({ username }) => username === 'leila.h') ?? loginUser;

const page = {
  title: 'Pricing, plans & limits',
  change: 'url',
  location: { href: 'https://www.example.org/pricing?from=mail' },
  token,
};

/** What the room list shows of a livechat room. Source: core-typings, IRoom.ts (IOmnichannelRoom) */
export const livechatFields: Readonly<Record<string, unknown>> = {
  v: { _id: visitor._id, username: visitor.username, token, status: 'offline' },
  servedBy: { _id: loginUser._id, username: loginUser.username, ts: '2025-06-16T09:31:12.000Z' },
  source: { type: 'widget' },
  label: visitor.name,
  open: true,
  waitingResponse: false,
};

/**
 * A visitor's chat with the agents of the workspace, with every kind of message that the server writes into one.
 *
 * Source: core-typings IMessage (IOmnichannelMessage: token, navigation, transferData, requestData, slaData,
 * priorityData, webRtcCallEndTs), ILivechat…History
 */
export function livechat(plan: SampleRoom): readonly MessageDraft[] {
  if (plan.id !== livechatRoomId) return [];
  const prng = createPrng(20250616);
  let atMs = Date.parse(plan.from) + 9.5 * hourMs;
  const next = (): number => (atMs += prng.integer(4_000, 400_000));
  const history = (type: string, msg: string, by: MessageAuthor, fields: object = {}): MessageDraft =>
    systemMessage(plan, type, msg, by, next(), prng, { ...fields });
  const said = (by: MessageAuthor, msg: string): MessageDraft => {
    const sentMs = next();
    return {
      _id: prng.id(),
      rid: plan.id,
      msg,
      ts: iso(sentMs),
      u: by,
      ...(by === visitor ? { token, alias: visitor.name } : {}),
      _updatedAt: iso(sentMs + 31),
      urls: [],
      mentions: [],
      channels: [],
      md: [{ type: 'PARAGRAPH', value: [{ type: 'PLAIN_TEXT', value: msg }] }],
    };
  };
  const agent = { _id: loginUser._id, username: loginUser.username, name: loginUser.name, type: 'agent' };
  const messages = [
    history('livechat_navigation_history', `${page.title} - ${page.location.href}`, visitor, {
      navigation: { page },
      token,
      _hidden: false,
    }),
    history('livechat-started', '', visitor, { token }),
    said(visitor, 'Hello! Is the limit of 5 seats per team or per workspace?'),
    said(loginUser, 'Good morning. Per workspace; teams share them.'),
    history('omnichannel_priority_change_history', '', loginUser, {
      priorityData: {
        definedBy: { _id: agent._id, username: agent.username },
        priority: { name: 'high', i18n: 'High' },
      },
    }),
    history('omnichannel_sla_change_history', '', loginUser, {
      slaData: { definedBy: { _id: agent._id, username: agent.username }, sla: { name: 'Within the hour' } },
    }),
    said(visitor, 'And if we need 7 for two weeks in August?'),
    history('omnichannel_placed_chat_on_hold', '', loginUser, { comment: 'Asking billing' }),
    history('omnichannel_on_hold_chat_resumed', '', loginUser, { comment: 'Billing has answered' }),
    history('livechat_transfer_history', '', loginUser, {
      transferData: {
        transferredBy: agent,
        transferredTo: { _id: colleague._id, username: colleague.username, name: colleague.name },
        scope: 'agent',
        comment: 'Knows the yearly contracts',
      },
    }),
    said(colleague, 'We can bill the two seats by the day. Shall I call you?'),
    history('livechat_video_call', '', colleague, { webRtcCallEndTs: iso(atMs + 611_000) }),
    history('livechat_transcript_history', '', colleague, {
      requestData: { type: 'user', visitor: { ...visitor, token }, user: agent },
    }),
    said(visitor, 'Perfect, thank you both'),
    history('livechat-close', 'Offer sent', colleague, { token }),
  ];
  const last = messages.at(-1);
  if (last !== undefined) touch(last, Date.parse(last.ts) + 2_000);
  return messages;
}
