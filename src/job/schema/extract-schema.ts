import { z } from 'zod';

const rooms = z
  .array(z.string().regex(/^!?[^!]/, 'expected an id, a name or a glob, "!" before it to exclude'))
  .min(1)
  .meta({
    title: 'Rooms to read',
    description:
      'Ids, names or globs (* and ?); "!" before an entry excludes; exclusions alone mean all rooms but those. Entries with * or ! need quotes. An entry that matches no room is an error.',
    examples: [['*'], ['ops-*', '!ops-noise']],
  });

const pageSize = z
  .int()
  .min(1)
  .max(10_000)
  .meta({
    title: 'Rows asked for in one request',
    description: 'Default: the largest page the server gives. Ask for less only if answers are too slow.',
    examples: [100],
  });

/** The server splits these filters at commas. */
const filterId = z.string().regex(/^[^\s,]+$/, 'expected one id, without spaces or commas');

function userIds(title: string, description: string, examples: unknown[]) {
  return z.union([filterId, z.array(filterId).min(1)]).meta({ title, description, examples });
}

interface RoomEndpoint<N extends string> {
  readonly endpoint: N;
  readonly title: string;
  readonly description: string;
  readonly via: string;
}

/** The endpoints that read every message of the rooms of one kind have the same keys. */
function roomMessages<N extends string>({ endpoint, title, description, via }: RoomEndpoint<N>) {
  return z
    .strictObject({
      endpoint: z.literal(endpoint),
      rooms,
      mentionIds: userIds(
        'Only messages that mention one of these',
        'User ids, or `all` and `here`; a list or one. The filter of the server, checked again on every answer.',
        ['all', ['all', 'here']],
      ).exactOptional(),
      starredIds: userIds(
        'Only messages that one of these starred',
        'User ids; a list or one. The filter of the server, checked again on every answer.',
        ['rbAXPnMktTFbNpwtJ'],
      ).exactOptional(),
      pinned: z
        .boolean()
        .meta({
          title: 'Only pinned messages',
          description: 'The filter of the server, checked again on every answer.',
          default: false,
        })
        .exactOptional(),
      via: z
        .enum(['messages', 'history'])
        .meta({ title: 'How rooms are read', description: via, default: 'messages' })
        .exactOptional(),
      pageSize: pageSize.exactOptional(),
    })
    .meta({ title, description });
}

const whole = 'All messages, thread replies and system messages of a room.';
const cappedHistory = (endpoint: string): string =>
  `history reads through ${endpoint}, by time: its pages are as small as the others, and it cannot see message types that the workspace hides.`;

const groupsMessages = roomMessages({
  endpoint: 'groups.messages',
  title: 'Every message of private groups',
  description: whole,
  via: 'history reads through groups.history: its pages have no limit but pageSize (1,000 unless set), so a big room needs far fewer requests; it cannot see message types that the workspace hides. Archived groups are always read that way.',
});

const channelsMessages = roomMessages({
  endpoint: 'channels.messages',
  title: 'Every message of public channels',
  description: whole,
  via: cappedHistory('channels.history'),
});

const imMessages = roomMessages({
  endpoint: 'im.messages',
  title: 'Every message of direct rooms',
  description: whole,
  via: cappedHistory('im.history'),
});

const mentionedMessages = z
  .strictObject({
    endpoint: z.literal('chat.getMentionedMessages'),
    rooms,
    pageSize: pageSize.exactOptional(),
  })
  .meta({
    title: 'Messages that mention the login',
    description: 'The messages of a room that mention the user of the login.',
  });

/** `extract` of a job: the endpoint of an entry decides which other keys it has. */
export const extractSchema = z
  .array(z.discriminatedUnion('endpoint', [groupsMessages, channelsMessages, imMessages, mentionedMessages]))
  .min(1)
  .meta({
    title: 'What to read',
    description: 'One entry per endpoint: which rooms, and the filters the endpoint has.',
  });
