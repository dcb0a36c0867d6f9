import { isReset } from '../archive/reset-streams.ts';
import type { State, StreamState } from '../archive/state.ts';
import { count } from './amounts.ts';
import { textTable } from './text-table.ts';

/** For people: how far each stream has been read. */
export function stateTable({ run, streams }: State): string {
  if (run === 0) return 'No run has been published.\n';
  const table = textTable(
    [
      ...[{ title: 'stream' }, { title: 'room' }, { title: 'type' }, { title: 'settled up to' }],
      ...[{ title: 'messages', align: 'right' as const }, { title: '' }],
    ],
    Object.entries(streams).map(([key, stream]) => [
      ...[key, stream.roomName, stream.roomType ?? '', watermarkOf(stream) ?? ''],
      ...[count(stream.messages), wordsOf(stream)],
    ]),
  );
  return `after run ${run}\n\n${table}`;
}

/** The same for programs. */
export function stateJson({ run, streams }: State): object {
  return {
    run,
    streams: Object.entries(streams).map(([key, stream]) => ({
      key,
      endpoint: stream.endpoint,
      room: { id: stream.roomId, name: stream.roomName, type: stream.roomType ?? null },
      formerNames: stream.formerNames ?? [],
      watermark: watermarkOf(stream),
      messages: stream.messages,
      complete: stream.complete,
      gone: stream.gone === true,
      reset: isReset(stream),
    })),
  };
}

function watermarkOf({ cursor }: StreamState): string | null {
  return cursor.watermark === null ? null : new Date(cursor.watermark.tsMs).toISOString();
}

function wordsOf(stream: StreamState): string {
  if (stream.gone === true) return 'gone';
  if (isReset(stream)) return 'reset: read again by the next run';
  return stream.complete ? '' : 'not read to its end';
}
