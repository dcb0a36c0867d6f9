import type { ListState, State } from '../../archive/state/state.ts';
import type { PlannedStream } from '../run-plan.ts';
import { sameListKeys } from '../stream-key.ts';

export type ListOfRoom = Pick<PlannedStream, 'endpoint' | 'filters'> & {
  readonly room: Pick<PlannedStream['room'], 'id'>;
};

/** What earlier runs know of a list, whatever the room's kind was. */
export function knownList(
  { lists }: Pick<State, 'lists'>,
  { endpoint, room, filters }: ListOfRoom,
): ListState | undefined {
  return sameListKeys(endpoint, room.id, filters).flatMap((key) => lists[key] ?? [])[0];
}
