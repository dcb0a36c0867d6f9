import type { Job } from '../job/job.ts';
import { requestedEndpoint } from '../run/requested-endpoint.ts';
import { withheldNote } from '../run/withheld-rooms.ts';
import { count } from './amounts.ts';
import type { JobCheck } from './check-job.ts';
import type { StreamCheck } from './check-rooms.ts';
import { textTable } from './text-table.ts';

/** For people: what each entry matches, what each stream answered. */
export function checkReport(job: Job, { server, matched, checks, withheld }: JobCheck): string {
  const { url, version, user } = server;
  const entries = job.extract.map(({ endpoint, rooms }, index) => [
    ...[endpoint, rooms.map((room) => JSON.stringify(room)).join(' '), count(matched[index]?.length ?? 0)],
  ]);
  return [
    `${job.name}: ${url}, Rocket.Chat ${version ?? 'of an unknown version'}, as ${user.username}\n`,
    '\n',
    textTable([{ title: 'entry' }, { title: 'rooms' }, { title: 'matched', align: 'right' }], entries),
    '\n',
    textTable(
      [{ title: 'endpoint' }, { title: 'room' }, { title: 'messages', align: 'right' }, { title: 'result' }],
      checks.map((one) => [
        ...[requestedEndpoint(one.stream), one.stream.room.name],
        ...[one.kind === 'readable' && one.total !== null ? count(one.total) : '', resultText(one)],
      ]),
    ),
    ...(withheld.length === 0 ? [] : ['\n', ...withheld.map((room) => `${withheldNote(room)}\n`)]),
  ].join('');
}

function resultText(one: StreamCheck): string {
  switch (one.kind) {
    case 'readable':
      return 'ok';
    case 'refused':
      return one.reason;
    case 'skipped':
      return 'not asked for';
  }
}

/** The same for programs. */
export function checkJson(job: Job, { server, matched, checks, withheld }: JobCheck): object {
  const { url, version, user } = server;
  return {
    job: job.name,
    server: { url, version, user },
    entries: job.extract.map(({ endpoint, rooms }, index) => ({
      endpoint,
      rooms,
      matched: matched[index]?.length ?? 0,
    })),
    rooms: checks.map((one) => {
      const { endpoint, via, room } = one.stream;
      const named = { endpoint, via, room: { id: room.id, name: room.name, type: room.type }, result: one.kind };
      if (one.kind === 'readable') return { ...named, total: one.total };
      if (one.kind === 'refused') return { ...named, reason: one.reason, message: one.message, hint: one.hint };
      return named;
    }),
    leftOut: withheld.map(({ id, name, type, withheld: reason }) => ({ id, name, type, reason })),
  };
}
