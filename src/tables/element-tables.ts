import { elementTables } from '../model/table-name.ts';
import type { FlatMessage } from '../model/flat-message.ts';

export function hasElements(
  { mentions, reactions, attachments, links }: FlatMessage,
  table: (typeof elementTables)[number],
): boolean {
  switch (table) {
    case 'mentions':
      return mentions.length > 0;
    case 'reactions':
      return reactions.some(({ usernames }) => usernames.length > 0);
    case 'attachments':
      return attachments.length > 0;
    case 'links':
      return links.length > 0;
  }
}

/** Those that a message has rows in, as far as the job makes them. */
export function filledElementTables(flat: FlatMessage): readonly (typeof elementTables)[number][] {
  return elementTables.filter((table) => hasElements(flat, table));
}
