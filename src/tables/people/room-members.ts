import type { Column } from '../../model/column.ts';
import type { Member } from '../../model/people/member.ts';
import { columnsOf } from '../define-column.ts';

/** A user in a room as a run found it; or (`delete`) one who has left it since, of whom the ids are known. */
export interface ExportedMember {
  readonly op: 'upsert' | 'delete';
  readonly member: Member;
  readonly firstRun: number;
  readonly lastRun: number;
  readonly run: number;
}

const column = columnsOf<ExportedMember>();

/** Columns of `room_members`: one row per room, user and run that found something about them changed. */
export const roomMemberColumns: readonly Column<ExportedMember>[] = [
  column('room_id', 'string', 'request', 'Id of the room.', ({ member }) => member.roomId),
  column('user_id', 'string', '_id', 'Id of the user.', ({ member }) => member.userId),
  column(
    'username',
    'string?',
    'username',
    'As others mention the user, when the members of the room were read.',
    ofMember(({ username }) => username),
  ),
  column(
    'name',
    'string?',
    'name',
    'The real name.',
    ofMember(({ name }) => name),
  ),
  column(
    'roles',
    'list<string>?',
    'roles',
    'Roles in this room (`owner`, `moderator`, `leader`…); null where the server shows none (without rooms.membersOrderedByRole).',
    ofMember(({ roles }) => roles),
  ),
  column(
    'joined_at',
    'timestamp?',
    'subscription.ts',
    'When the user joined, where the server shows it.',
    ofMember(({ joinedAtMs }) => (joinedAtMs === null ? null : new Date(joinedAtMs))),
  ),
  column(
    'first_run',
    'int',
    'the run',
    'Number of the run that found the user in the room first, since the user last left it.',
    ({ firstRun }) => firstRun,
  ),
  column(
    'last_run',
    'int',
    'the run',
    'Number of the run that found the user there last: of an `upsert` the one that wrote the row, of a `delete` an earlier one.',
    ({ lastRun }) => lastRun,
  ),
  column(
    'op',
    'string',
    'the run',
    '`upsert`: the row replaces those of earlier runs; `delete`: the user has left, was deactivated, or the login cannot see the room any more, and all but the ids and runs is null.',
    ({ op }) => op,
  ),
  column('run', 'int', 'the run', 'Number of the run that wrote the row.', ({ run }) => run),
];

function ofMember<Cell>(read: (member: Member) => Cell): (row: ExportedMember) => Cell | null {
  return ({ op, member }) => (op === 'delete' ? null : read(member));
}
