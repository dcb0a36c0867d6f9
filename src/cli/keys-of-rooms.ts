import type { State } from '../archive/state.ts';
import { UsageError } from '../errors.ts';
import { nearest } from '../job/nearest.ts';

/**
 * The streams of rooms that a person names by their ids, their names or, where nothing else fits, names they had before.
 *
 * @throws UsageError for a word that fits no room of the state, or several rooms by name
 */
export function keysOfRooms(state: State, words: readonly string[]): ReadonlySet<string> {
  return new Set(words.flatMap((word) => keysOfRoom(state, word)));
}

function keysOfRoom({ streams }: State, word: string): readonly string[] {
  const known = Object.entries(streams);
  const ways: ((stream: State['streams'][string]) => boolean)[] = [
    ({ roomId }) => roomId === word,
    ({ roomName }) => roomName === word,
    ({ formerNames = [] }) => formerNames.includes(word),
  ];
  for (const way of ways) {
    const found = known.filter(([, stream]) => way(stream));
    const ids = [...new Set(found.map(([, { roomId }]) => roomId))];
    if (ids.length > 1) {
      throw new UsageError(
        `Cannot tell which room "${word}" is: ${ids.map((id) => `"${id}"`).join(' and ')} have the name`,
        {
          hint: 'Name it by its id',
        },
      );
    }
    if (found.length > 0) return found.map(([key]) => key);
  }
  const near = nearest(word, [...new Set(known.map(([, { roomName }]) => roomName))]);
  throw new UsageError(`No run has read a room "${word}"`, {
    hint: near === undefined ? 'state show lists the rooms, with their ids' : `Did you mean "${near}"?`,
  });
}
