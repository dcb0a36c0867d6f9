import type { Room } from '../../model/room.ts';
import { count } from '../../model/text/counted.ts';
import type { Prompter } from '../prompter.ts';

/** What a pattern would take for more than the name that it is. */
const patternCharacters = /[*?!#@,()[\]{}|+\\]/;

/** Rooms in the words of a job file: all, or those that are chosen from the list. */
export async function askRooms(list: readonly Room[], prompter: Prompter): Promise<readonly string[]> {
  const readable = list.filter(({ withheld, type }) => withheld === undefined && type !== 'voip');
  const which = await prompter.choice('Which rooms?', [
    { value: 'every', label: `Every room that this login can see (${count(readable.length)}, and those to come)` },
    { value: 'chosen', label: 'Some, chosen from the list' },
  ]);
  if (which === 'every' || readable.length === 0) return ['*'];
  return prompter.several(
    'Type to find a room',
    readable
      .toSorted((a, b) => (b.messageCount ?? 0) - (a.messageCount ?? 0))
      .map((room) => ({
        value: wordOf(room, readable),
        label: room.displayName ?? room.name,
        hint: `${room.type}${room.messageCount === null ? '' : `, ${count(room.messageCount)} messages`}`,
      })),
  );
}

/** The name, where it names this room only and is no pattern; else the id. */
function wordOf({ id, name }: Room, list: readonly Room[]): string {
  const sameName = list.filter((room) => [room.name, room.displayName, room.id].includes(name));
  return sameName.length === 1 && !patternCharacters.test(name) ? name : id;
}
