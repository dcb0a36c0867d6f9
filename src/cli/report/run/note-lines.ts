import { counted } from '../../../model/text/counted.ts';
import { noRoomsNote } from '../../../record/notes/no-rooms-note.ts';

/**
 * What a report shows of the notes of a run, and how many more there are.
 *
 * @param lines that are free; one at least says that there are notes
 */
export function noteLines(notes: readonly string[], lines: number): readonly string[] {
  // That the job finds no room is a warning of its own.
  const all = shortestFirst(notes.filter((note) => note !== noRoomsNote));
  const most = Math.max(1, lines);
  if (all.length <= most) return all.map((note) => `note: ${note}`);
  const shown = all.slice(0, most - 1);
  const hidden = all.length - shown.length;
  return [
    ...shown.map((note) => `note: ${note}`),
    `${counted(hidden, shown.length === 0 ? 'note' : 'other note')}: the manifest has all`,
  ];
}

/** Notes in the order in which they are shown. */
export function shortestFirst(notes: readonly string[]): readonly string[] {
  return notes.toSorted((a, b) => a.length - b.length);
}
