import type { Column } from '../../model/column.ts';
import type { Person } from '../../model/people/person.ts';
import { columnsOf } from '../define-column.ts';

/** A user as a run found it; or one whose account is gone since. */
export type ExportedUser =
  | { readonly op: 'upsert'; readonly person: Person; readonly run: number }
  | { readonly op: 'delete'; readonly userId: string; readonly run: number };

const column = columnsOf<ExportedUser>();

/** Columns of `users`: one row per user and run that found the user changed. */
export const userColumns: readonly Column<ExportedUser>[] = [
  column('user_id', 'string', '_id', 'Id of the user.', (row) => (row.op === 'delete' ? row.userId : row.person.id)),
  column(
    'username',
    'string?',
    'username',
    'As others mention the user.',
    ofPerson(({ username }) => username),
  ),
  column(
    'name',
    'string?',
    'name',
    'The real name.',
    ofPerson(({ name }) => name),
  ),
  column(
    'roles',
    'list<string>?',
    'roles',
    'Roles in the workspace (`admin`, `user`, `bot`…), where users.list may be read.',
    ofPerson(({ roles }) => roles),
  ),
  column(
    'type',
    'string?',
    'type',
    'Kind of account: `user`, `bot`, `app` and others.',
    ofPerson(({ type }) => type),
  ),
  column(
    'is_bot',
    'boolean?',
    'type, roles',
    'Whether it is a program: its type is `bot` or `app`, or it has the role `bot`; null where neither is known.',
    ofPerson(isBot),
  ),
  column(
    'active',
    'boolean?',
    'active',
    'Whether the account may be used: a deactivated one may not.',
    ofPerson(({ active }) => active),
  ),
  column(
    'utc_offset_minutes',
    'int?',
    'utcOffset',
    "What the user's clock is ahead of UTC, as it was when a run looked it up.",
    ofPerson(({ utcOffsetMinutes }) => utcOffsetMinutes),
  ),
  column(
    'source',
    'string?',
    'the run',
    'Where the row is from: `list` (users.list or users.info), `members` (the members of a room) or `message` (the sender of one): what these do not show is null.',
    ofPerson(({ source }) => source),
  ),
  column(
    'op',
    'string',
    'the run',
    '`upsert`: the row replaces those of earlier runs; `delete`: users.list has the user no more, and all else is null.',
    ({ op }) => op,
  ),
  column('run', 'int', 'the run', 'Number of the run that wrote the row.', ({ run }) => run),
];

function isBot({ type, roles }: Person): boolean | null {
  if (type === null && roles === null) return null;
  return type === 'bot' || type === 'app' || roles?.includes('bot') === true;
}

function ofPerson<Cell>(read: (person: Person) => Cell): (row: ExportedUser) => Cell | null {
  return (row) => (row.op === 'delete' ? null : read(row.person));
}
