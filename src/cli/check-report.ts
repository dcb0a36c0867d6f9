import { requestedEndpoint } from '../run/requested-endpoint.ts';
import { withheldNote } from '../run/withheld-rooms.ts';
import type { JobCheck, RoomCheck } from '../plan/check-job.ts';
import { count } from './amounts.ts';
import { textTable } from './text-table.ts';

/** For people: what each entry matches, what each room answered. */
export function checkReport({ job, server, entries, rooms, leftOut }: JobCheck): string {
  const { url, version, user } = server;
  return [
    `${job}: ${url}, Rocket.Chat ${version ?? 'of an unknown version'}, as ${user.username}\n`,
    '\n',
    textTable(
      [{ title: 'entry' }, { title: 'rooms' }, { title: 'matched', align: 'right' }],
      entries.map((entry) => [
        ...[entry.endpoint, entry.rooms.map((room) => JSON.stringify(room)).join(' '), count(entry.matched)],
      ]),
    ),
    '\n',
    textTable(
      [{ title: 'endpoint' }, { title: 'room' }, { title: 'messages', align: 'right' }, { title: 'result' }],
      rooms.map((one) => [
        ...[requestedEndpoint(one), one.room.name],
        ...[one.result === 'readable' && one.total !== null ? count(one.total) : '', resultText(one)],
      ]),
    ),
    ...notes({ entries, leftOut }),
  ].join('');
}

function notes({ entries, leftOut }: Pick<JobCheck, 'entries' | 'leftOut'>): readonly string[] {
  const lines = [
    ...leftOut.map(({ name, reason }) => withheldNote({ name, withheld: reason })),
    ...entries.flatMap(({ endpoint, unmatchedExclusions }) =>
      unmatchedExclusions.map((pattern) => `"${pattern}" of ${endpoint} excludes no room: none matches it.`),
    ),
  ];
  return lines.length === 0 ? [] : ['\n', ...lines.map((line) => `note: ${line}\n`)];
}

function resultText(one: RoomCheck): string {
  switch (one.result) {
    case 'readable':
      return 'ok';
    case 'refused':
      return one.reason;
    case 'skipped':
      return 'not asked for';
  }
}
