import { z } from 'zod';
import { mentionsEndpointName, roomEndpointNames } from '../../endpoints/endpoint-name.ts';
import { roomEndpoints } from '../../endpoints/endpoints.ts';
import { emptyPeriod, isEmptyPeriod, timestamp, type WrittenPeriod } from './period-schema.ts';

const rooms = z
  .array(z.string().regex(/^!?[^!]/, 'expected an id, a name or a glob, "!" before it to exclude'))
  .min(1)
  .meta({
    title: 'Rooms to read',
    description:
      'Ids, names or globs (* and ?); "!" before an entry excludes; exclusions alone mean all rooms but those. Entries with * or ! need quotes. An entry that matches no room is an error.',
    examples: [['*'], ['ops-*', '!ops-noise']],
  });

const scope = z.enum(['joined', 'readable']).meta({
  title: 'Whether rooms count that the login has not joined',
  description:
    'readable: also public channels that it has not joined, and discussions of rooms that it can read. Costs a request per room for its discussions, in every run.',
  default: 'joined',
});

const period = {
  since: timestamp
    .meta({
      title: 'No older messages',
      description:
        'Read messages sent then or later; older ones are not asked for. A date begins at midnight UTC. Moved to earlier, the next run reads what lies between; moved to later, what is there stays.',
      examples: ['2024-01-01'],
    })
    .exactOptional(),
  until: timestamp
    .meta({
      title: 'No newer messages',
      description:
        'Read messages sent before then; newer ones are not asked for. A date begins at midnight UTC. Moved to later, the next run reads on; moved to earlier, what is there stays.',
      examples: ['2025-01-01'],
    })
    .exactOptional(),
};

function checkPeriod(entry: WrittenPeriod, context: z.RefinementCtx): void {
  if (isEmptyPeriod(entry)) context.addIssue({ code: 'custom', ...emptyPeriod() });
}

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

const roomMessages = z
  .strictObject({
    endpoint: z
      .enum(roomEndpointNames)
      .meta({
        title: 'Only rooms of one kind',
        description: `${roomEndpoints.map(({ name, roomsRead }) => `${name}: ${roomsRead}`).join('; ')}. Default: each room is read by the endpoint of its kind.`,
      })
      // Not exactOptional: zod would not choose this option by a key that is missing.
      .optional(),
    rooms,
    scope: scope.exactOptional(),
    ...period,
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
      .meta({
        title: 'How rooms are read',
        description:
          'history reads private groups by time, through groups.history, and cannot see message types that the workspace hides. Its pages have no limit but pageSize (1,000 unless set), so a big room needs far fewer requests. Archived groups are always read that way. Other rooms would gain nothing: they are read as messages, and the manifest notes it.',
        default: 'messages',
      })
      .exactOptional(),
    pageSize: pageSize.exactOptional(),
  })
  .superRefine(checkPeriod)
  .meta({
    title: 'Every message of rooms',
    description: 'All messages, thread replies and system messages of a room.',
  });

const mentionedMessages = z
  .strictObject({
    endpoint: z.literal(mentionsEndpointName),
    rooms,
    scope: scope.exactOptional(),
    ...period,
    pageSize: pageSize.exactOptional(),
  })
  .superRefine(checkPeriod)
  .meta({
    title: 'Messages that mention the login',
    description: 'The messages of a room that mention the user of the login.',
  });

/** `extract` of a job: what an entry reads decides which other keys it has. */
export const extractSchema = z
  .array(z.discriminatedUnion('endpoint', [roomMessages, mentionedMessages]))
  .min(1)
  .meta({
    title: 'What to read',
    description: 'Entries: which rooms, and which of their messages.',
  });
