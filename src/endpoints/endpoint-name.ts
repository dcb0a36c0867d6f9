/** Each reads every message of the rooms of some kinds; together, of every kind that has messages. */
export const roomEndpointNames = ['groups.messages', 'channels.messages', 'im.messages'] as const;

export const mentionsEndpointName = 'chat.getMentionedMessages';

export const endpointNames = [...roomEndpointNames, mentionsEndpointName] as const;

/** What can be read: every message of the rooms of one kind, or the messages that mention the login. */
export type EndpointName = (typeof endpointNames)[number];
