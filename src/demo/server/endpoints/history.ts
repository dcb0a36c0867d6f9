import type { Endpoint, UserCall } from '../endpoint.ts';
import { readPaging, type Paging } from '../paging.ts';
import { text } from '../params.ts';
import type { Param, QuerySchema } from '../query-schema.ts';
import { failure, byteReply } from '../reply.ts';
import type { Reply } from '../reply.ts';
import type { StoredMessage } from '../../workspace/stored-message.ts';
import { atLeast } from '../version.ts';
import type { WorkspaceRoom } from '../../workspace/workspace-room.ts';
import { viewBytes } from './message-view.ts';
import { findChannel, findDirectRoom, findGroup } from './room-lookup.ts';

const date: Param = { type: 'string', minLength: 1, nullable: true };
const flag: Param = { type: 'string', values: ['true', 'false'], nullable: true };
const optionalString: Param = { type: 'string', nullable: true };
const optionalNumber: Param = { type: 'number', nullable: true };
const number: Param = { type: 'number' };
const counting = { count: optionalNumber, offset: optionalNumber, sort: optionalString };
const checked = { latest: date, oldest: date, showThreadMessages: flag, inclusive: flag, unreads: flag, ...counting };

function byIdOrName(id: Param, properties: Readonly<Record<string, Param>>): QuerySchema {
  return {
    kind: 'one-of',
    branches: [
      { required: ['roomId'], properties: { roomId: id, ...properties } },
      { required: ['roomName'], properties: { roomName: id, ...properties } },
    ],
  };
}

/** GET groups.history: archived groups are readable here. No schema before the typed route of 8.8. */
export const groupsHistory: Endpoint = {
  method: 'GET',
  access: 'user',
  schema: (version) => {
    if (!atLeast(version, '8.8')) return null;
    const names = ['latest', 'oldest', 'inclusive', 'unreads', 'showThreadMessages'];
    const properties = { ...Object.fromEntries(names.map((name) => [name, optionalString])), ...counting };
    return { typed: true, query: byIdOrName({ type: 'string' }, properties) };
  },
  answer: (call) => answerHistory(call, findGroup(call, { refuseArchived: false }), uncapped(call)),
};

/** GET channels.history: archived channels are readable here and in channels.messages. Source: server/api/v1/channels.ts */
export const channelsHistory: Endpoint = {
  method: 'GET',
  access: 'user',
  schema: () => ({ typed: false, query: byIdOrName({ type: 'string', minLength: 1 }, checked) }),
  answer: (call) => answerHistory(call, findChannel(call), capped(call)),
};

export const directHistory: Endpoint = {
  method: 'GET',
  access: 'user',
  schema: () => ({
    typed: false,
    query: {
      kind: 'object',
      required: ['roomId'],
      properties: { roomId: { type: 'string', minLength: 1 }, ...checked, count: number, offset: number },
    },
  }),
  answer: (call) => answerHistory(call, findDirectRoom(call), capped(call)),
};

/**
 * Newest first, whatever `sort` says, and no total. Without `inclusive` both ends are left out.
 * `unreads` is not modelled: the user of this server has read everything.
 *
 * Source: app/lib/server/functions/getChannelHistory.ts. Before 8.0 any text at all, "false" too, made `inclusive` true.
 */
function answerHistory(call: UserCall, room: WorkspaceRoom, { offset, count, withReplies }: HistoryPage): Reply {
  const { params, rules, user } = call;
  const hiddenTypes = hiddenTypesOf(room, rules);
  const inclusive = text(params, 'inclusive') ?? '';
  const messages = room.history(
    {
      latestMs: dateParam(call, 'latest') ?? rules.now(),
      oldestMs: dateParam(call, 'oldest'),
      inclusive: atLeast(rules.version, '8.0') ? inclusive === 'true' : inclusive !== '',
      offset,
      count,
    },
    (message) => !message.hidden && (withReplies || !isHiddenReply(message)) && !isHiddenType(message, hiddenTypes),
  );
  const rows = messages.map((message) => viewBytes(message, user.id, 'whole')).join(',');
  return byteReply(`{"messages":[${rows}],"success":true}`);
}

interface HistoryPage extends Paging {
  readonly withReplies: boolean;
}

/** groups.history: as many rows as are asked for, thread replies among them unless they are refused. */
function uncapped(call: UserCall): HistoryPage {
  const withReplies = text(call.params, 'showThreadMessages') !== 'false';
  return { offset: numberParam(call, 'offset', 0), count: numberParam(call, 'count', 20), withReplies };
}

/** channels.history and im.history: capped like any list (getPaginationItems), thread replies only if asked for. */
function capped(call: UserCall): HistoryPage {
  return { ...readPaging(call.params, call.rules), withReplies: text(call.params, 'showThreadMessages') === 'true' };
}

function isHiddenReply(message: StoredMessage): boolean {
  const document = message.document();
  return 'tmid' in document && document['tshow'] !== true;
}

/** A room's own list takes the place of the workspace's. Source: app/lib/server/lib/getHiddenSystemMessages.ts */
function hiddenTypesOf({ fields }: WorkspaceRoom, rules: UserCall['rules']): readonly unknown[] {
  const own = fields['sysMes'];
  if (Array.isArray(own)) return own;
  return rules.hiddenTypes.flatMap((type) => (type === 'mute_unmute' ? ['user-muted', 'user-unmuted'] : [type]));
}

function isHiddenType(message: StoredMessage, hiddenTypes: readonly unknown[]): boolean {
  return hiddenTypes.length > 0 && hiddenTypes.includes(message.document()['t']);
}

function dateParam({ params }: UserCall, name: string): number | null {
  const value = text(params, name);
  if (value === undefined || value === '') return null;
  const ms = Date.parse(value);
  if (Number.isNaN(ms)) throw failure('Invalid Date');
  return ms;
}

function numberParam({ params }: UserCall, name: string, byDefault: number): number {
  const number = Number.parseInt(text(params, name) ?? '', 10);
  return Number.isNaN(number) || number < 0 ? byDefault : number;
}
