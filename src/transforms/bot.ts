import { isRecord } from '../model/json/is-record.ts';
import type { BadFields } from './field-readers.ts';
import { markBad, readBoolean, readString } from './field-readers.ts';

/** What a message says of the program that sent it: `{i: 'js.SDK'}`, the id of an integration, or once just `true`. */
export function readBot(value: unknown, bad: BadFields): { readonly isBot: boolean; readonly botId: string | null } {
  if (isRecord(value)) return { isBot: true, botId: readString(value['i'], 'bot', bad) };
  return { isBot: readBoolean(value, 'bot', bad) ?? false, botId: null };
}

/** `true` of importers, `'slackbridge'` of the bridge. Source: apps/meteor/app/slackbridge/server/RocketAdapter.js */
export function readImported(value: unknown, bad: BadFields): boolean {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'string') return value !== '';
  if (value !== undefined && value !== null) markBad('imported', bad);
  return false;
}
