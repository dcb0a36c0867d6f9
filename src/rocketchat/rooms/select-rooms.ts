import { compileGlob, isGlob } from './glob.ts';
import type { Room, RoomType } from '../../model/room.ts';

export interface RoomSelection {
  /** In the order of `rooms`. */
  readonly selected: readonly Room[];
  /** Entries that match no room at all, as written: a typing error or a lost membership. */
  readonly unmatched: readonly string[];
  /** Entries that exclude no room, as written: there is none of the name, or not any more. */
  readonly unmatchedExclusions: readonly string[];
  /** Entries that match only rooms of a type that the endpoint does not read. */
  readonly wrongType: readonly { readonly pattern: string; readonly rooms: readonly Room[] }[];
}

/**
 * Picks rooms by entries of a job file: an id, a name, a displayed or a former name as it is, or a glob over the first two; a leading
 * `!` excludes. What is excluded stays out whatever the order. Entries that only exclude mean every room but those; no
 * entry at all means no room.
 *
 * A room whose name is a glob, `what?`, is chosen with all else that the glob matches; by its id, it is chosen alone.
 */
export function selectRooms(
  rooms: readonly Room[],
  patterns: readonly string[],
  allowedTypes: readonly RoomType[],
): RoomSelection {
  const allowed = rooms.filter(({ type }) => allowedTypes.includes(type));
  const unmatched: string[] = [];
  const unmatchedExclusions: string[] = [];
  const wrongType: { pattern: string; rooms: readonly Room[] }[] = [];
  const included = new Set<Room>();
  const excluded = new Set<Room>();
  const includes = patterns.filter((pattern) => !pattern.startsWith('!'));

  for (const pattern of includes) {
    const matched = matchingRooms(allowed, pattern);
    for (const room of matched) included.add(room);
    if (matched.length > 0) continue;
    const others = matchingRooms(rooms, pattern);
    if (others.length > 0) wrongType.push({ pattern, rooms: others });
    else unmatched.push(pattern);
  }
  for (const pattern of patterns.filter((entry) => entry.startsWith('!'))) {
    const matched = matchingRooms(rooms, pattern.slice(1));
    for (const room of matched) excluded.add(room);
    if (matched.length === 0) unmatchedExclusions.push(pattern);
  }
  const candidates =
    includes.length === 0 && patterns.length > 0 ? allowed : allowed.filter((room) => included.has(room));
  const selected = candidates.filter((room) => !excluded.has(room));
  return { selected, unmatched, unmatchedExclusions, wrongType };
}

/**
 * A glob finds what it finds, and rooms of just that name, too: were it taken for a name alone, whoever calls a discussion or
 * himself `*` would take all other rooms out of an archive. Of a plain word the first way that finds something wins: an id is
 * never meant as somebody else's name, nor a name as what another room displays.
 */
function matchingRooms(rooms: readonly Room[], pattern: string): readonly Room[] {
  const isDisplayed = ({ displayName, formerNames = [] }: Room): boolean =>
    displayName === pattern || formerNames.includes(pattern);
  if (isGlob(pattern)) {
    const glob = compileGlob(pattern);
    return rooms.filter(
      (room) =>
        room.id === pattern ||
        [room.name, room.displayName ?? room.name].some((name) => name === pattern || glob(name)) ||
        isDisplayed(room),
    );
  }
  const ways: ((room: Room) => boolean)[] = [({ id }) => id === pattern, ({ name }) => name === pattern, isDisplayed];
  for (const way of ways) {
    const matched = rooms.filter(way);
    if (matched.length > 0) return matched;
  }
  return [];
}
