import { columnsOf } from './define-column.ts';
import type { ElementRow } from './elements.ts';
import { elementsOf, own, sideColumns } from './elements.ts';
import { emojiUnicode } from './emoji-unicode.ts';
import type { FlatMessage } from '../model/flat-message.ts';

/** One person's reaction with one emoji. */
interface UserReaction {
  readonly emoji: string;
  readonly username: string;
  readonly name: string | null;
}

const column = columnsOf<ElementRow<UserReaction>>();
const reaction = own<UserReaction, string | null>;

/** Columns of `reactions`: one row per emoji and reacting user. */
export const reactionColumns = sideColumns<UserReaction>([
  column(
    'emoji',
    'string?',
    'reactions',
    'The emoji as the server names it: `:tada:`.',
    reaction(({ emoji }) => emoji),
  ),
  column(
    'emoji_unicode',
    'string?',
    'reactions',
    'The same as a character: 🎉; null for emoji of the workspace itself.',
    reaction(({ emoji }) => emojiUnicode(emoji)),
  ),
  column(
    'username',
    'string?',
    'reactions[].usernames',
    'Who reacted.',
    reaction(({ username }) => username),
  ),
  // A rename rewrites the names of senders, editors and mentions, and none of a reaction; whoever takes the old name would
  // be taken for the one who reacted. Source: app/lib/server/functions/saveUserIdentity.ts (updateUsernameReferences)
  column(
    'reactor_id',
    'string?',
    'none',
    'Always null: the server keeps who reacted by username only, and a rename does not change it there, so no id is certain. Who has the name now: join `users` on `username`.',
    () => null,
  ),
  column(
    'name',
    'string?',
    'reactions[].names',
    'Their real name, where the server reports it.',
    reaction(({ name }) => name),
  ),
]);

/** Emoji by emoji, and within one in the order people reacted. */
export function reactionElements(message: FlatMessage): readonly ElementRow<UserReaction>[] {
  return elementsOf(
    message,
    message.reactions.flatMap(({ emoji, usernames, names }) =>
      usernames.map((username, i) => ({ emoji, username, name: names[i] ?? null })),
    ),
  );
}
