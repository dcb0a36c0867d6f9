import type { Endpoint } from '../endpoint.ts';
import { text } from '../params.ts';
import { success } from '../reply.ts';

/** GET settings.public with `_id`: the settings that clients need, of which this server has one. Source: server/api/v1/settings.ts */
export const settingsPublic: Endpoint = {
  method: 'GET',
  access: 'open',
  answer: ({ params, rules }) => {
    const asked = text(params, '_id')?.split(',') ?? [];
    const all = [{ _id: 'Hide_System_Messages', enterprise: false, value: rules.hiddenTypes }];
    const settings = all.filter(({ _id }) => asked.length === 0 || asked.includes(_id));
    return success({ settings, count: settings.length, offset: 0, total: settings.length });
  },
};
