import { isReset } from '../archive/state-change.ts';
import type { ListState, State } from '../archive/state.ts';
import { count } from './amounts.ts';
import { textTable } from './text-table.ts';

/** For people: how far each stream has been read. */
export function stateTable({ run, lists }: State): string {
  if (run === 0) return 'No run has been published.\n';
  const table = textTable(
    [
      ...[{ title: 'stream' }, { title: 'room' }, { title: 'type' }, { title: 'settled up to' }],
      ...[{ title: 'messages', align: 'right' as const }, { title: '' }],
    ],
    Object.entries(lists).map(([key, stream]) => [
      ...[key, stream.roomName, stream.roomType, watermarkOf(stream) ?? ''],
      ...[count(stream.messages), wordsOf(stream)],
    ]),
  );
  return `after run ${run}\n\n${table}`;
}

/** The same for programs. */
export function stateJson({ run, lists, changes }: State): object {
  return {
    run,
    lists: Object.entries(lists).map(([key, stream]) => ({
      key,
      endpoint: stream.endpoint,
      room: { id: stream.roomId, name: stream.roomName, type: stream.roomType },
      formerNames: stream.formerNames,
      watermark: watermarkOf(stream),
      messages: stream.messages,
      complete: stream.complete,
      gone: stream.gone,
      holes: stream.holes,
      reset: isReset(stream),
    })),
    changes: Object.entries(changes).map(([id, feed]) => ({
      room: { id, name: feed.roomName },
      since: new Date(feed.sinceMs).toISOString(),
      rows: feed.rows,
      complete: feed.complete,
    })),
  };
}

function watermarkOf({ cursor }: ListState): string | null {
  return cursor.watermark === null ? null : new Date(cursor.watermark.tsMs).toISOString();
}

function wordsOf(stream: ListState): string {
  if (stream.gone) return 'gone';
  if (isReset(stream)) return 'reset: read again by the next run';
  return stream.complete ? '' : 'not read to its end';
}
