import { columnsOf } from './define-column.ts';
import type { Element } from './elements.ts';
import { sideColumns } from './elements.ts';
import type { FlatMention } from './flat-message.ts';

const column = columnsOf<Element<FlatMention>>();

/** Columns of `mentions`: one row a user, team, `@all` or `@here` that a message mentions. */
export const mentionColumns = sideColumns<FlatMention>([
  column('mention_id', 'string?', 'mentions[]._id', 'Id of the user or team; `all`, `here`.', (e) => e.value.id),
  column('username', 'string?', 'mentions[].username', 'Username; teams have none.', (e) => e.value.username),
  column('name', 'string?', 'mentions[].name', 'Real name, or the name of the team.', (e) => e.value.name),
  column('mention_type', 'string', 'mentions[].type', '`user`, `team`, `all` or `here`.', (e) => e.value.type),
]);
