import { compareText } from '../../model/text/compare-text.ts';
import type { MembershipState, PeopleState } from '../../model/people/people-state.ts';
import { membershipIds, membershipKey } from '../../archive/state/known-people.ts';
import type { PagedList } from '../../journal/paged-list.ts';
import { parseMember, unknownMember, type Member } from '../../model/people/member.ts';
import type { Room } from '../../model/room.ts';
import type { PlannedMemberList } from '../../plan/people/plan-people.ts';
import type { ExportedMember } from '../../tables/people/room-members.ts';
import { roomMembersTable } from '../../tables/tables.ts';
import { rowDigest } from '../../archive/state/row-digest.ts';

/** A list of members that was read. */
export interface FoundMembers extends PlannedMemberList {
  readonly list: PagedList;
}

/** A row that the table lacks, as it is without any step. */
type MemberRow = Omit<ExportedMember, 'run'>;

interface MemberRows extends Required<Pick<PeopleState, 'memberLists' | 'memberships'>> {
  /** Room by room, by user id. */
  readonly rows: readonly MemberRow[];
}

/**
 * What the table of members lacks. Who is not in a list any more, though all of it has been read, has left the room; of
 * rooms that are gone everybody has, as far as the login can see.
 */
export function memberRows(
  found: readonly FoundMembers[],
  gone: readonly Pick<Room, 'id' | 'type'>[],
  known: Pick<PeopleState, 'memberLists' | 'memberships'>,
  run: number,
): MemberRows {
  const memberLists = new Map(Object.entries(known.memberLists ?? {}));
  const memberships = new Map(Object.entries(known.memberships ?? {}));
  const before = byRoom(known.memberships ?? {});
  const rows: MemberRow[] = [];
  const leave = (room: Pick<Room, 'id' | 'type'>, userId: string, { firstRun }: MembershipState): void => {
    const lastRun = memberLists.get(room.id)?.run ?? firstRun;
    rows.push({ op: 'delete', member: unknownMember(room, userId), firstRun, lastRun });
    memberships.delete(membershipKey(room.id, userId));
  };
  for (const { room, seen, list } of found) {
    const knownHere = before.get(room.id) ?? new Map<string, MembershipState>();
    const members = new Map(
      list.rows.flatMap((raw) => parseMember(raw, room) ?? []).map((member) => [member.userId, member]),
    );
    for (const userId of [...new Set([...members.keys(), ...knownHere.keys()])].sort(compareText)) {
      const member = members.get(userId);
      const was = knownHere.get(userId);
      if (member === undefined) {
        if (was !== undefined && list.isWhole) leave(room, userId, was);
        continue;
      }
      const firstRun = was?.firstRun ?? run;
      const digest = digestOf(member);
      if (was?.digest === digest) continue;
      rows.push({ op: 'upsert', member, firstRun, lastRun: run });
      memberships.set(membershipKey(room.id, userId), { firstRun, digest });
    }
    memberLists.set(room.id, { run, seen: list.isWhole ? seen : null });
  }
  for (const room of gone) {
    const knownHere = [...(before.get(room.id) ?? [])].sort(([a], [b]) => compareText(a, b));
    for (const [userId, was] of knownHere) leave(room, userId, was);
    memberLists.delete(room.id);
  }
  return { rows, memberLists: Object.fromEntries(memberLists), memberships: Object.fromEntries(memberships) };
}

function byRoom(
  memberships: Readonly<Record<string, MembershipState>>,
): ReadonlyMap<string, ReadonlyMap<string, MembershipState>> {
  const rooms = new Map<string, Map<string, MembershipState>>();
  for (const [key, membership] of Object.entries(memberships)) {
    const [roomId, userId] = membershipIds(key);
    const room = rooms.get(roomId);
    if (room === undefined) rooms.set(roomId, new Map([[userId, membership]]));
    else room.set(userId, membership);
  }
  return rooms;
}

/** Which runs have seen the member counts for nothing in it. */
function digestOf(member: Member): string {
  return rowDigest(roomMembersTable.rows([{ op: 'upsert', member, firstRun: 0, lastRun: 0, run: 0 }]));
}
