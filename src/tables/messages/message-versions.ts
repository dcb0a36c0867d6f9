import type { Column } from '../../model/column.ts';
import { columnsOf } from '../define-column.ts';
import type { FlatMessage } from '../../model/flat-message.ts';

const column = columnsOf<FlatMessage>();

/** The columns of a message as it was, behind those that say which version of which message it is. */
export function messageVersionColumns(messageColumns: readonly Column<FlatMessage>[]): readonly Column<FlatMessage>[] {
  return [
    column('version_id', 'string', '_id', 'Id of the version, unique in the workspace.', (m) => m.id),
    column(
      'message_id',
      'string?',
      'parent',
      'Id of the message that it is an earlier version of.',
      (m) => m.versionOf,
    ),
    ...messageColumns.filter(({ name }) => name !== 'message_id'),
  ];
}
