import { emptyState, type ChangesState, type ListState, type State } from '../../../src/archive/state/state.ts';
import { readTo } from './sample-stream.ts';

/** All messages of the room "ops", read to their end by one run. */
export function listState(fields: Partial<ListState> = {}): ListState {
  return {
    ...{ endpoint: 'groups.messages', roomId: 'r1', roomName: 'ops', roomType: 'private', formerNames: [] },
    ...{ cursor: readTo(1_000), messages: 10, complete: true, seen: null, gone: false, holes: [] },
    ...fields,
  };
}

/** The changes of the room "ops", asked for since a time, and read to their end. */
export function changesState(fields: Partial<ChangesState> = {}): ChangesState {
  return {
    ...{ roomName: 'ops', sinceMs: 1_000, tables: ['messages'], known: {}, knownSinceMs: 0, rows: 0 },
    ...{ complete: true, seen: 'seen' },
    ...fields,
  };
}

/** The state after the first run, with these lists by their keys and these changes by room. */
export function stateWith(fields: Partial<State> = {}): State {
  return { ...emptyState, run: 1, ...fields };
}
