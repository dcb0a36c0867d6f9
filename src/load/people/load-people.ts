import { join } from 'node:path';
import { archivePaths } from '../../archive/paths.ts';
import { ownValue } from '../../model/json/own-value.ts';
import type { PeopleState } from '../../model/people/people-state.ts';
import {
  listKey,
  peopleJournals,
  readPeopleJournal,
  usersEndpoint,
  type PeopleJournal,
} from '../../journal/people-journal.ts';
import type { RowBatch } from '../../model/row-batch.ts';
import type { Person } from '../../model/people/person.ts';
import type { LoadedPeople } from '../../model/run/load-result.ts';
import type { ListTableName } from '../../model/table-name.ts';
import type { PlannedMemberList } from '../../plan/people/plan-people.ts';
import { memberEndpoints } from '../../plan/people/member-endpoints.ts';
import type { ListTables } from '../../tables/tables.ts';
import { damagedAt } from '../../journal/damaged-journal.ts';
import type { JournalContext } from '../journal-context.ts';
import { memberRows, type FoundMembers } from './member-rows.ts';
import type { MetPeople } from '../met-people.ts';
import { peopleNotes, type RefusedMembers } from './people-notes.ts';
import { userRows } from './user-rows.ts';

interface PeopleOptions {
  readonly known: PeopleState;
  readonly met: MetPeople;
  /** By an id, that of the server or that of the tables. */
  readonly isPurged: (userId: string) => boolean;
  readonly tables: ListTables;
  readonly writeRows: (table: ListTableName, batch: RowBatch) => Promise<void>;
}

/**
 * Writes the rows that the tables of users and of members lack, from their journals and from the messages that the run has
 * loaded before.
 *
 * @throws LoadStopped when the extract half gives up
 */
export async function loadPeople(
  context: Pick<JournalContext, 'disk' | 'archive' | 'feed' | 'runPlan' | 'steps' | 'tables'>,
  { known, met, isPurged, tables, writeRows }: PeopleOptions,
): Promise<LoadedPeople> {
  const { runPlan, steps, tables: made } = context;
  const { run, people, gone } = runPlan;
  const members = await membersOf(context);
  const users = made.has('users') ? await journalOf(context, 'users') : undefined;
  const listed = users?.lists.get(listKey(usersEndpoint, null));
  let after: PeopleState = {};
  if (users !== undefined) {
    const { lookedUp } = users;
    const found = { listed, lookedUp, members: members.found.flatMap(({ list }) => list.rows), met: met.people };
    const purged = new Set([...met.people].flatMap(([id, { shown }]) => (isPurged(id) ? [shown.id] : [])));
    const show = (person: Person): Person => {
      const shown = steps.person(person);
      if (isPurged(person.id)) purged.add(shown.id);
      return shown;
    };
    const { rows, users: usersAfter } = userRows(found, known.users ?? {}, show, run);
    const kept = rows.filter((row) => {
      const id = row.op === 'delete' ? row.userId : row.person.id;
      return !isPurged(id) && !purged.has(id);
    });
    await writeRows('users', tables.users.batch(kept));
    after = { users: usersAfter };
  }
  if (made.has('room_members')) {
    const goneRooms = new Map(gone.flatMap(({ reason, room }) => (reason === 'room-gone' ? [[room.id, room]] : [])));
    const { rows, memberLists, memberships } = memberRows(members.found, [...goneRooms.values()], known, run);
    const kept = rows.flatMap((row) => {
      const member = steps.member(row.member);
      return isPurged(row.member.userId) || isPurged(member.userId) ? [] : [{ ...row, member, run }];
    });
    await writeRows('room_members', tables.room_members.batch(kept));
    after = { ...after, memberLists: { ...memberLists, ...archivedLists(members.refused, known, run) }, memberships };
  }
  return { known: after, notes: peopleNotes({ listed, ...members, unlisted: people.unlisted }) };
}

interface ReadMembers {
  readonly found: readonly FoundMembers[];
  readonly refused: readonly (RefusedMembers & Pick<PlannedMemberList, 'seen'>)[];
}

/**
 * Lists that an older server refuses of archived groups: it does for as long as they are archived, which shows in the mark,
 * and asking every night would cost a request for each. Whatever else was refused may be allowed tomorrow.
 */
function archivedLists(
  refused: ReadMembers['refused'],
  { memberLists: known = {} }: PeopleState,
  run: number,
): NonNullable<PeopleState['memberLists']> {
  const archived = refused.filter(({ reason }) => reason === 'room-archived');
  return Object.fromEntries(
    archived.map(({ room, seen }) => [room.id, { run: ownValue(known, room.id)?.run ?? run, seen }]),
  );
}

async function membersOf(context: Parameters<typeof loadPeople>[0]): Promise<ReadMembers> {
  const { listsMembers, memberLists } = context.runPlan.people;
  if (!listsMembers || !context.tables.has('room_members')) return { found: [], refused: [] };
  const { lists } = await journalOf(context, 'members');
  const found: FoundMembers[] = [];
  const refused: ReadMembers['refused'][number][] = [];
  for (const planned of memberLists) {
    const read = memberEndpoints(planned.room.type).flatMap((name) => lists.get(listKey(name, planned.room.id)) ?? []);
    const whole = read.find(({ refusal }) => refusal === null);
    const refusal = read.at(-1)?.refusal ?? null;
    if (whole !== undefined) found.push({ ...planned, list: whole.list });
    else if (refusal !== null) refused.push({ ...planned, ...refusal });
  }
  return { found, refused };
}

async function journalOf(
  { disk, archive, feed }: Parameters<typeof loadPeople>[0],
  kind: keyof typeof peopleJournals,
): Promise<PeopleJournal> {
  const name = peopleJournals[kind];
  const path = join(archive, archivePaths.journal, name);
  const written = await feed.moreThan(name, Number.POSITIVE_INFINITY);
  const journal = await readPeopleJournal(disk, path);
  if (journal.sizeBytes < written.sizeBytes) throw damagedAt(path, journal.sizeBytes);
  return journal;
}
