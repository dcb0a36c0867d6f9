import type { ArchivedList, ArchiveState } from '../../archive/stored-state/archive-state.ts';
import { count } from '../../model/text/counted.ts';
import { textTable } from './text/text-table.ts';

/** For people: how far each list has been read. @param width of the terminal; null: none */
export function stateTable({ run, lists }: ArchiveState, width: number | null): string {
  if (run === 0) return 'No run has been published.\n';
  const table = textTable(
    [
      ...[
        { title: 'list', aside: 'plain' as const },
        { title: 'room' },
        { title: 'type' },
        { title: width === null ? 'settled up to' : 'settled up to (UTC)' },
      ],
      ...[{ title: 'messages', align: 'right' as const }, { title: '' }],
    ],
    lists.map((list) => [
      ...[list.key, list.room.name, list.room.type, timeText(list.watermark, width)],
      ...[count(list.messages), wordsOf(list)],
    ]),
    width,
  );
  return `after run ${run}\n\n${table}`;
}

/** To the minute on a terminal, where columns are scarce. */
function timeText(iso: string | null, width: number | null): string {
  return width === null ? (iso ?? '') : (iso ?? '').slice(0, 16).replace('T', ' ');
}

function wordsOf(list: ArchivedList): string {
  if (list.gone) return 'gone';
  if (list.reset) return 'reset: read again by the next run';
  return list.complete ? '' : 'not read to its end';
}
