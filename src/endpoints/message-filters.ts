import type { MessageFilters } from '../model/stream.ts';

/** In an order of their own: two ways to write the same filters make one stream. */
export function filtersOf({ mentionIds, starredIds, pinned }: MessageFilters): MessageFilters {
  return {
    ...(mentionIds === undefined ? {} : { mentionIds: [...new Set(mentionIds)].sort() }),
    ...(starredIds === undefined ? {} : { starredIds: [...new Set(starredIds)].sort() }),
    ...(pinned === undefined ? {} : { pinned }),
  };
}

/** Each as a text by its name, as queries and the names of streams have them. */
export function filterTexts(filters: MessageFilters): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(filters).map(([name, value]) => [name, String(value)]));
}

/** The other way round. No id of a user has a comma. */
export function filtersIn({ mentionIds, starredIds, pinned }: Readonly<Record<string, string>>): MessageFilters {
  return {
    ...(mentionIds === undefined ? {} : { mentionIds: idsIn(mentionIds) }),
    ...(starredIds === undefined ? {} : { starredIds: idsIn(starredIds) }),
    ...(pinned === undefined ? {} : { pinned: pinned === 'true' }),
  };
}

function idsIn(text: string): readonly string[] {
  return text === '' ? [] : text.split(',');
}
