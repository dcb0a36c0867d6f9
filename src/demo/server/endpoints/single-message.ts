import { canRead } from '../can-read.ts';
import type { Endpoint } from '../endpoint.ts';
import { text } from '../params.ts';
import { byteReply, jsonReply, Refusal } from '../reply.ts';
import { viewBytes } from './message-view.ts';

/**
 * GET chat.getMessage: one message by its id, whatever it is: no projection, hidden ones, too. One that is not there, and one
 * that the caller cannot read, are refused alike and without a word.
 *
 * Source: app/api/server/v1/chat.ts (chat.getMessage), app/lib/server/methods/getSingleMessage.ts; rest-typings
 * ChatGetMessage.
 */
export const getMessage: Endpoint = {
  method: 'GET',
  access: 'user',
  schema: () => ({
    typed: false,
    query: { kind: 'object', required: ['msgId'], properties: { msgId: { type: 'string' } } },
  }),
  answer: (call) => {
    const id = text(call.params, 'msgId') ?? '';
    for (const room of call.workspace.rooms) {
      const message = canRead(call, room) ? room.find(id) : undefined;
      if (message === undefined) continue;
      return byteReply(`{"message":${viewBytes(message, call.user.id, 'whole')},"success":true}`);
    }
    throw new Refusal(jsonReply(400, { success: false }));
  },
};
