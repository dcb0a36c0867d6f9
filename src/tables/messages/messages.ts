import type { Column } from '../../model/column.ts';
import { columnsOf } from '../define-column.ts';
import type { FlatMessage } from '../../model/flat-message.ts';
import { contentColumns } from './message-content.ts';
import { contextColumns } from './message-context.ts';
import { originColumns } from './message-origin.ts';

const column = columnsOf<FlatMessage>();

const extra = column(
  'extra',
  'json?',
  'all others',
  'Every field that has no column, what no column takes of those that have one, and every value of a wrong type, verbatim; previews of images (base64) are left out.',
  (m) => m.extra,
);

/** Most of every file where it is kept, so only for jobs that ask for it. */
const md = column('md', 'json?', 'md', 'Syntax tree of the text, verbatim.', (m) => m.md);

const deletedAt = column(
  'deleted_at',
  'timestamp?',
  'the trash',
  'Of a row with `op` `delete`, when the message was deleted, where the server reports that it was.',
  (m) => m.deletedAt,
);

const op = column(
  'op',
  'string',
  'the run',
  '`upsert`: the row replaces rows of earlier runs with the same message_id; `delete`: the message is gone, or no longer among those that the job asks for, and all but its id, room, `ts` and `deleted_at` is null.',
  (m) => m.op,
);

const run = column('run', 'int', 'the run', 'Number of the run that wrote the row.', (m) => m.run);

/** What is known of a message that is gone. */
const knownOfDeleted: ReadonlySet<string> = new Set([
  ...['message_id', 'room_id', 'room_name', 'room_title', 'room_type', 'ts', 'op', 'run'],
]);

/** Of a message that is gone `false` and `0` would be claims. */
function nullOfDeleted(described: Column<FlatMessage>): Column<FlatMessage> {
  if (described.nullable || knownOfDeleted.has(described.name)) return described;
  return { ...described, nullable: true, read: (m) => (m.op === 'delete' ? null : described.read(m)) };
}

/**
 * Columns of `messages` and `mentioned_messages`: one row per message. Names, types and order are a contract with those
 * who read the files.
 */
export function messageColumns(options: { readonly md: boolean }): readonly Column<FlatMessage>[] {
  return [
    ...originColumns,
    ...contentColumns,
    ...contextColumns,
    extra,
    ...(options.md ? [md] : []),
    deletedAt,
    op,
    run,
  ].map(nullOfDeleted);
}
