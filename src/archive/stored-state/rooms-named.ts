import type { ListState, State } from '../state/state.ts';
import { UsageError } from '../../errors.ts';
import { nearest } from '../../model/text/nearest.ts';

/**
 * The ids of rooms that a person names by their ids, their names or, where nothing else fits, names they had before.
 *
 * @throws UsageError for a word that fits no room of the state, or several rooms by name
 */
export function roomsNamed(state: State, words: readonly string[]): readonly string[] {
  return [...new Set(words.map((word) => roomNamed(state, word)))];
}

function roomNamed({ lists }: State, word: string): string {
  const known = Object.values(lists);
  const ways: ((list: ListState) => boolean)[] = [
    ({ roomId }) => roomId === word,
    ({ roomName }) => roomName === word,
    ({ formerNames }) => formerNames.includes(word),
  ];
  for (const way of ways) {
    const ids = [...new Set(known.filter(way).map(({ roomId }) => roomId))];
    if (ids.length > 1) {
      throw new UsageError(
        `Cannot determine which room "${word}" is: ${ids.map((id) => `"${id}"`).join(' and ')} have the name`,
        {
          hint: 'Name it by its id',
        },
      );
    }
    const [only] = ids;
    if (only !== undefined) return only;
  }
  const near = nearest(word, [...new Set(known.map(({ roomName }) => roomName))]);
  const byCommas = word.includes(',') ? `, or, for several rooms, --room ${word.split(',').join(' --room ')}` : '';
  throw new UsageError(`No run has read a room "${word}"`, {
    hint: near === undefined ? `state show lists the rooms, with their ids${byCommas}` : `Did you mean "${near}"?`,
  });
}
