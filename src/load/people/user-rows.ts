import { compareText } from '../../model/text/compare-text.ts';
import { ownValue } from '../../model/json/own-value.ts';
import type { UserState } from '../../model/people/people-state.ts';
import type { JournaledList } from '../../journal/people-journal.ts';
import { parsePerson, unknownPerson, type Person, type PersonSource } from '../../model/people/person.ts';
import type { ExportedUser } from '../../tables/people/users.ts';
import { usersTable } from '../../tables/tables.ts';
import type { MetPerson } from '../met-people.ts';
import { noteShownNames } from './shown-names.ts';
import { rowDigest } from '../../archive/state/row-digest.ts';

/** What a run found of users. */
interface FoundUsers {
  /** users.list; undefined: it was not asked for. */
  readonly listed: JournaledList | undefined;
  /** By id what users.info showed; null: it was refused. */
  readonly lookedUp: ReadonlyMap<string, unknown>;
  /** Rows of lists of members. */
  readonly members: readonly unknown[];
  /** Senders of messages, by id. */
  readonly met: ReadonlyMap<string, MetPerson>;
}

interface UserRows {
  /** That the table lacks, by id. */
  readonly rows: readonly ExportedUser[];
  /** As the next run must know them. */
  readonly users: Readonly<Record<string, UserState>>;
}

/** Whose word counts more. */
const ranks: Readonly<Record<PersonSource, number>> = { message: 0, members: 1, list: 2 };

type Candidate = MetPerson | { readonly person: Person; readonly shown: Person; readonly metMs?: undefined };

/**
 * The rows that the table of users lacks. Each user is as the best source shows it: users.list, a list of members, else the
 * newest message; a worse one changes no row of a better one. Who was in users.list and is not in it any more, though all of
 * it has been read, is gone.
 *
 * @param known by id, from earlier runs
 * @param show what the steps of the job make of a user
 */
export function userRows(
  found: FoundUsers,
  known: Readonly<Record<string, UserState>>,
  show: (person: Person) => Person,
  run: number,
): UserRows {
  const users = new Map(Object.entries(known));
  const rows: ExportedUser[] = [];
  const candidates = [...candidatesOf(found, show)].sort(([a], [b]) => compareText(a, b));
  for (const [id, candidate] of candidates) {
    const before = ownValue(known, id);
    if (!isNews(candidate, before)) continue;
    const utcOffsetMinutes = candidate.person.utcOffsetMinutes ?? before?.utcOffsetMinutes ?? null;
    const digest = rowDigest(
      usersTable.rows([{ op: 'upsert', person: { ...candidate.person, utcOffsetMinutes }, run: 0 }]),
    );
    users.set(id, {
      source: candidate.person.source,
      digest,
      ...(candidate.metMs !== undefined && { metMs: candidate.metMs }),
      ...(utcOffsetMinutes !== null && { utcOffsetMinutes }),
      ...(before?.lookedUp === true && { lookedUp: true }),
      ...(before?.shown !== undefined && { shown: before.shown }),
      ...(before?.outdated === true && { outdated: true }),
    });
    if (before?.digest !== digest) rows.push({ op: 'upsert', person: { ...candidate.shown, utcOffsetMinutes }, run });
  }
  const memberships = new Map(found.members.flatMap((raw) => byId(parsePerson(raw, 'members'))));
  const inList = new Set((found.listed?.list.rows ?? []).flatMap((raw) => parsePerson(raw, 'list')?.id ?? []));
  for (const [id, user] of users) {
    const isLookedUp = found.lookedUp.has(id);
    const sighting = { message: found.met.get(id)?.person, members: memberships.get(id), isListed: inList.has(id) };
    const noted = noteShownNames(user, { ...sighting, isLookedUp });
    users.set(id, isLookedUp ? { ...noted, lookedUp: true } : noted);
  }
  const isListWhole = found.listed?.list.isWhole === true;
  const listed = new Set(candidates.flatMap(([id, { person }]) => (person.source === 'list' ? [id] : [])));
  for (const [id, before] of Object.entries(known)) {
    const isGone = isListWhole && before.source === 'list' && before.gone !== true && !listed.has(id);
    if (!isGone) continue;
    users.set(id, { source: 'list', digest: null, gone: true });
    rows.push({ op: 'delete', userId: show(unknownPerson(id, 'list')).id, run });
  }
  return { rows, users: Object.fromEntries(users) };
}

function candidatesOf(
  { listed, lookedUp, members, met }: FoundUsers,
  show: (person: Person) => Person,
): ReadonlyMap<string, Candidate> {
  const candidates = new Map<string, Candidate>(met);
  const add = (raw: unknown, source: PersonSource): void => {
    const person = parsePerson(raw, source);
    if (person === undefined) return;
    // The members of direct rooms, and a user who is looked up, have what users.list does not, and the other way round.
    const other = candidates.get(person.id)?.person;
    const utcOffsetMinutes = person.utcOffsetMinutes ?? other?.utcOffsetMinutes ?? null;
    const whole = { ...person, utcOffsetMinutes, roles: person.roles ?? other?.roles ?? null };
    candidates.set(person.id, { person: whole, shown: show(whole) });
  };
  for (const raw of members) add(raw, 'members');
  for (const raw of lookedUp.values()) add(raw, 'list');
  for (const raw of listed?.list.rows ?? []) add(raw, 'list');
  return candidates;
}

function byId(person: Person | undefined): readonly (readonly [string, Person])[] {
  return person === undefined ? [] : [[person.id, person]];
}

function isNews({ person, metMs }: Candidate, before: UserState | undefined): boolean {
  if (before === undefined) return true;
  if (before.gone === true) return person.source === 'list';
  if (ranks[person.source] !== ranks[before.source]) return ranks[person.source] > ranks[before.source];
  return metMs === undefined || before.metMs === undefined || metMs >= before.metMs;
}
