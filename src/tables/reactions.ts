import { columnsOf } from './define-column.ts';
import type { Element } from './elements.ts';
import { elementsOf, sideColumns } from './elements.ts';
import type { FlatMessage } from './flat-message.ts';

/** One person's reaction with one emoji. */
export interface UserReaction {
  readonly emoji: string;
  readonly username: string;
  readonly name: string | null;
}

const column = columnsOf<Element<UserReaction>>();

/** Columns of `reactions`: one row an emoji and user. */
export const reactionColumns = sideColumns<UserReaction>([
  column('emoji', 'string', 'reactions', 'The emoji as the server names it: `:tada:`.', (e) => e.value.emoji),
  column('username', 'string', 'reactions[].usernames', 'Who reacted.', (e) => e.value.username),
  column('name', 'string?', 'reactions[].names', 'Their real name, where the server tells.', (e) => e.value.name),
]);

/** Emoji by emoji, and within one in the order people reacted. */
export function reactionElements(message: FlatMessage): readonly Element<UserReaction>[] {
  const { reactions } = message;
  if (reactions.length === 0) return [];
  return elementsOf(
    message,
    reactions.flatMap(({ emoji, usernames, names }) =>
      usernames.map((username, i) => ({ emoji, username, name: names[i] ?? null })),
    ),
  );
}
