import { columnsOf } from './define-column.ts';
import type { ElementRow } from './elements.ts';
import { own, sideColumns } from './elements.ts';
import type { FlatMention } from '../model/flat-message.ts';

const column = columnsOf<ElementRow<FlatMention>>();
const mention = own<FlatMention, string | null>;

/** Columns of `mentions`: one row per user, team, `@all` or `@here` that a message mentions. */
export const mentionColumns = sideColumns<FlatMention>([
  column(
    'mention_id',
    'string?',
    'mentions[]._id',
    'Id of the user or team; `all`, `here`.',
    mention(({ id }) => id),
  ),
  column(
    'username',
    'string?',
    'mentions[].username',
    'Username; teams have none.',
    mention(({ username }) => username),
  ),
  column(
    'name',
    'string?',
    'mentions[].name, fname',
    'Real name, or the title of the team.',
    mention(({ name }) => name),
  ),
  column(
    'mention_type',
    'string?',
    'mentions[].type',
    '`user`, `team`, `all` or `here`.',
    mention(({ type }) => type),
  ),
]);
