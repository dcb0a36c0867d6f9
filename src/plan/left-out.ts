import type { ExtractEntry } from '../job/job.ts';
import type { LeftOut, Room } from '../model/room.ts';
import type { RunPlan } from './run-plan.ts';
import { withheldNote } from './rooms/withheld-rooms.ts';

type NamedRoom = Pick<Room, 'id' | 'name' | 'displayName' | 'withheld'>;

/**
 * What a run says of the rooms that it leaves out. Of a login's invitations among all its rooms (`'*'`) nobody needs to
 * hear every night; a room that the job names itself would be missed.
 */
export function leftOut(
  entries: readonly Pick<ExtractEntry, 'rooms'>[],
  {
    withheld,
    streams,
    unchanged,
  }: Pick<RunPlan, 'streams' | 'unchanged'> & { readonly withheld: readonly NamedRoom[] },
): readonly LeftOut[] {
  const words = new Set(entries.flatMap(({ rooms }) => rooms));
  const isOnly = streams.length + unchanged.length === 0;
  return withheld.map((room) => ({
    room: room.name,
    note: withheldNote(room),
    isExpected: isOnly || [room.id, room.name, room.displayName].some((word) => word !== undefined && words.has(word)),
  }));
}
