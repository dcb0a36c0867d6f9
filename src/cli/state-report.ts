import type { ArchivedList, ArchiveState } from '../state/archive-state.ts';
import { count } from './amounts.ts';
import { textTable } from './text-table.ts';

/** For people: how far each list has been read. */
export function stateTable({ run, lists }: ArchiveState): string {
  if (run === 0) return 'No run has been published.\n';
  const table = textTable(
    [
      ...[{ title: 'stream' }, { title: 'room' }, { title: 'type' }, { title: 'settled up to' }],
      ...[{ title: 'messages', align: 'right' as const }, { title: '' }],
    ],
    lists.map((list) => [
      ...[list.key, list.room.name, list.room.type, list.watermark ?? ''],
      ...[count(list.messages), wordsOf(list)],
    ]),
  );
  return `after run ${run}\n\n${table}`;
}

function wordsOf(list: ArchivedList): string {
  if (list.gone) return 'gone';
  if (list.reset) return 'reset: read again by the next run';
  return list.complete ? '' : 'not read to its end';
}
