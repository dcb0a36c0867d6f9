import { UsageError } from '../errors.ts';
import type { Selection } from './layout/selection.ts';
import type { ZonedTime } from './text/zoned-time.ts';
import type { Names } from './read/names.ts';

/** What a transcript is asked to hold, and how it is to be written; what is left out asks for everything. */
export interface TranscriptRequest {
  /** Ids, names or titles. */
  readonly rooms?: readonly string[];
  readonly selection?: Pick<Selection, 'sinceMs' | 'untilMs' | 'users'>;
  /** Messages of the room to show before and behind each one that is asked for. Default: none. */
  readonly context?: number;
  /** IANA name of the zone for days, months and times. Default: UTC. */
  readonly zone?: string;
  /** Before the numbers of messages. Default: RC. */
  readonly prefix?: string;
}

/** The rooms that were asked for, by id. @throws UsageError for a word that no room is called */
export function roomIds({ rooms }: TranscriptRequest, names: Names): { readonly rooms?: ReadonlySet<string> } {
  if (rooms === undefined) return {};
  return {
    rooms: new Set(
      rooms.flatMap((word) => {
        const found = names.roomsCalled(word);
        if (found.length > 0) return found;
        throw new UsageError(`Cannot find the room "${word}" in the archive, expected the id, name or title of one`, {
          hint: '`state show` of the archive lists them',
        });
      }),
    ),
  };
}

/** The request in sentences, for the first page. */
export function askedFor({ rooms, selection, context }: TranscriptRequest, zone: ZonedTime): readonly string[] {
  const { sinceMs, untilMs, users } = selection ?? {};
  const sentences: string[] = [];
  if (rooms !== undefined) sentences.push(`rooms: ${rooms.join(', ')}`);
  if (users !== undefined) sentences.push(`messages of ${[...users].join(', ')}`);
  if (sinceMs !== undefined) sentences.push(`sent ${zone.both(sinceMs)} or later`);
  if (untilMs !== undefined) sentences.push(`sent before ${zone.both(untilMs)}`);
  if (context !== undefined && context > 0)
    sentences.push(`with ${context} messages before and behind each, marked as context`);
  return sentences;
}
