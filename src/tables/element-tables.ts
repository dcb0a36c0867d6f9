import type { FlatMessage } from '../model/flat-message.ts';

/** Tables with a row for each element of a message. */
export const elementTables = ['mentions', 'reactions', 'attachments', 'links'] as const;

/** Tables that say what a message is now, and so get a row when it is gone: all of messages but that of earlier versions. */
export const currentTables = ['messages', 'mentioned_messages', ...elementTables] as const;

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
