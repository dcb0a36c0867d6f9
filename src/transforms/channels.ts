import type { JsonValue } from '../model/json/json-value.ts';
import { isRecord } from '../model/json/is-record.ts';
import type { RawMessage } from '../model/message.ts';
import type { BadFields } from './field-readers.ts';
import { markBad, none, readRecords, readStrings } from './field-readers.ts';
import { without } from './unread.ts';

/** The rooms that a message names with `#`. */
interface FlatChannels {
  readonly ids: readonly string[];
  /** What a person sees: the title (`fname`), where there is one. */
  readonly titles: readonly string[];
  /** Titles by the name that stands in the text; of those that differ from it. */
  readonly titleOf: ReadonlyMap<string, string>;
}

const noTitles: ReadonlyMap<string, string> = new Map();
const noChannels: FlatChannels = { ids: none, titles: none, titleOf: noTitles };

export function readChannels(raw: RawMessage, bad: BadFields): FlatChannels {
  const channels = readRecords(raw['channels'], 'channels', bad);
  if (channels.length === 0) return noChannels;
  const titles: string[] = [];
  const titleOf = new Map<string, string>();
  for (const { fname, name } of channels) {
    const title = fname ?? name;
    if (typeof title !== 'string' || (name !== undefined && name !== null && typeof name !== 'string')) {
      markBad('channels', bad);
    }
    if (typeof title !== 'string') continue;
    titles.push(title);
    if (typeof name === 'string' && name !== title) titleOf.set(name, title);
  }
  return { ids: readStrings(channels, '_id', 'channels', bad), titles, titleOf };
}

export function unreadChannel(channel: JsonValue | undefined): JsonValue | undefined {
  if (!isRecord(channel)) return undefined;
  const title = channel['fname'] ?? channel['name'];
  return without(channel, (name, value) => {
    return name === '_id' || ((name === 'fname' || name === 'name') && (value === title || value === null));
  });
}
