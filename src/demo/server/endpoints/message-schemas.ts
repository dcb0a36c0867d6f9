import type { Endpoint } from '../endpoint.ts';
import type { Param, QuerySchema } from '../query-schema.ts';
import { atLeast } from '../version.ts';

type SchemaOf = NonNullable<Endpoint['schema']>;
type RouteSchema = ReturnType<SchemaOf>;

const string: Param = { type: 'string' };
const number: Param = { type: 'number' };
const optionalString: Param = { type: 'string', nullable: true };
const optionalNumber: Param = { type: 'number', nullable: true };

const filters = { mentionIds: string, starredIds: string, pinned: string };
const optionalPaging = { count: optionalNumber, offset: optionalNumber, sort: optionalString };

const legacy = (query: QuerySchema): RouteSchema => ({ typed: false, query });
const typed = (query: QuerySchema): RouteSchema => ({ typed: true, query });

const groupProperties = { ...filters, ...optionalPaging, query: optionalString };

// 7.0 gave the branch of roomName the property roomId too, but not the other way round.
const groups70 = legacy({
  kind: 'one-of',
  branches: [
    { required: ['roomId'], properties: { roomId: string, ...groupProperties } },
    { required: ['roomName'], properties: { roomName: string, roomId: string, ...groupProperties } },
  ],
});

// Since 7.5 both branches know both names, so that sending both matches both, which is one too many. The server's own
// end-to-end tests have expected 200 at one time and 400 (`invalid-params`) at another; the published schemas refuse, and
// so does this server: a client that sends both is wrong with one of them.
const groups75 = legacy({
  kind: 'one-of',
  branches: ['roomId', 'roomName'].map((required) => ({
    required: [required],
    properties: { roomId: string, roomName: string, ...groupProperties },
  })),
});

const groups88 = typed({
  kind: 'one-required',
  oneOf: ['roomId', 'roomName'],
  properties: {
    roomId: string,
    roomName: string,
    ...filters,
    offset: number,
    count: number,
    sort: string,
    query: string,
    fields: string,
  },
});

/**
 * Source: rest-typings GroupsMessagesProps (7.0.0 to 8.8.1); the typed route of 8.8 has a schema of its own, in
 * server/api/v1/groups.ts.
 */
export const groupsMessagesSchema: SchemaOf = (version) => {
  if (atLeast(version, '8.8')) return groups88;
  if (atLeast(version, '7.5')) return groups75;
  return atLeast(version, '7.0') ? groups70 : null;
};

const channels = legacy({
  kind: 'object',
  required: ['roomId'],
  properties: { roomId: string, ...filters, query: string, ...optionalPaging },
});

/** Source: rest-typings ChannelsMessagesProps */
export const channelsMessagesSchema: SchemaOf = (version) => (atLeast(version, '7.0') ? channels : null);

const direct = legacy({
  kind: 'one-of',
  branches: ['roomId', 'username'].map((name) => ({
    required: [name],
    properties: {
      [name]: string,
      ...filters,
      fields: string,
      query: string,
      sort: string,
      count: number,
      offset: number,
    },
  })),
});

/** Source: rest-typings DmMessagesProps */
export const directMessagesSchema: SchemaOf = (version) => (atLeast(version, '7.0') ? direct : null);

const mentions = (roomId: Param): QuerySchema => ({
  kind: 'object',
  required: ['roomId'],
  properties: { roomId, ...optionalPaging },
});
const filledString: Param = { type: 'string', minLength: 1 };
const mentions613 = legacy(mentions(string));
const mentions75 = legacy(mentions(filledString));
const mentions83 = typed(mentions(filledString));

/**
 * Source: rest-typings v1/chat.ts (6.13.1 to 8.8.1). minLength came between 7.0.0 and 7.9.8, the typed route with PR
 * #39820: that these were 7.5 and 8.3 is an estimate.
 */
export const mentionedMessagesSchema: SchemaOf = (version) => {
  if (atLeast(version, '8.3')) return mentions83;
  return atLeast(version, '7.5') ? mentions75 : mentions613;
};
