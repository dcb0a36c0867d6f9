import { endpoints } from '../../endpoints/endpoints.ts';
import { withheldNote } from '../../plan/rooms/withheld-rooms.ts';
import { shardNote } from '../../plan/shard/shard-note.ts';
import type { JobCheck, RoomCheck } from '../../preview/check-job.ts';
import { count } from '../../model/text/counted.ts';
import { filesAheadText } from './files-ahead-text.ts';
import { textTable } from './text/text-table.ts';
import { wrapped } from './text/wrapped-lines.ts';

/** For people: what each entry matches, what each room answered. @param width of the terminal; null: none */
export function checkReport({ job, server, entries, rooms, ...noted }: JobCheck, width: number | null): string {
  const { url, version, user } = server;
  return [
    `${wrapped(`${job}: ${url}, Rocket.Chat ${version ?? 'of an unknown version'}, as ${user.username}`, width)}\n`,
    '\n',
    textTable(
      [{ title: 'endpoint' }, { title: 'entry' }, { title: 'matched', align: 'right' }],
      entries.map((entry) => [
        ...[
          entry.endpoint === null ? "of the room's kind" : endpoints[entry.endpoint].requested(entry.via),
          entry.rooms.map((room) => JSON.stringify(room)).join(' '),
          count(entry.matched),
        ],
      ]),
      width,
    ),
    '\n',
    textTable(
      [{ title: 'endpoint' }, { title: 'room' }, { title: 'messages', align: 'right' }, { title: 'result' }],
      rooms.map((one) => [
        ...[one.requested, one.room.name],
        ...[one.result === 'readable' && one.total !== null ? count(one.total) : '', resultText(one)],
      ]),
      width,
    ),
    ...notes({ entries, ...noted }, width),
  ].join('');
}

function notes(
  {
    entries,
    leftOut,
    notes: scopeNotes,
    files,
    shard,
  }: Pick<JobCheck, 'entries' | 'leftOut' | 'notes' | 'files' | 'shard'>,
  width: number | null,
): readonly string[] {
  const lines = [
    ...(shard === undefined ? [] : [shardNote(shard)]),
    ...leftOut.map(({ name, reason }) => withheldNote({ name, withheld: reason })),
    ...scopeNotes,
    ...(files === null ? [] : [filesAheadText(files)]),
    ...entries.flatMap(({ endpoint, unmatchedExclusions }) =>
      unmatchedExclusions.map(
        (pattern) => `"${pattern}"${endpoint === null ? '' : ` of ${endpoint}`} excludes no room: none matches it.`,
      ),
    ),
  ];
  return lines.length === 0 ? [] : ['\n', ...lines.map((line) => `${wrapped(`note: ${line}`, width)}\n`)];
}

function resultText(one: RoomCheck): string {
  switch (one.result) {
    case 'readable':
      return 'ok';
    case 'refused':
      return one.reason;
    case 'skipped':
      return 'not tried';
  }
}
