import { channelsMessages } from './channels-messages.ts';
import type { Endpoint } from './endpoint.ts';
import { groupsMessages } from './groups-messages.ts';
import { imMessages } from './im-messages.ts';
import { mentionedMessages } from './mentioned-messages.ts';

/** Every endpoint a job can name. */
export const endpoints = {
  'groups.messages': groupsMessages,
  'channels.messages': channelsMessages,
  'im.messages': imMessages,
  'chat.getMentionedMessages': mentionedMessages,
} as const satisfies Readonly<Record<string, Endpoint>>;
