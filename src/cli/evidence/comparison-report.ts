import type { ServerComparison } from '../../audit/server-comparison.ts';
import { count, counted } from '../../model/text/counted.ts';
import { textTable } from '../report/text/text-table.ts';

/** What the server says of an archive, for people. */
export function comparisonReport(found: ServerComparison, width: number | null): string {
  const { server, seed, messages, sampled, compared, equal, editedSince, deletedSince, differs, newSince, purged } =
    found;
  const verdict = differs.length === 0 ? 'nothing differs' : `${counted(differs.length, 'message')} DIFFER`;
  return [
    `\ncompared with ${server.url}${server.version === null ? '' : ` (${server.version})`}: ${verdict}\n`,
    `sample: ${count(sampled)} of ${counted(messages, 'message')}, seed ${seed}, and the ten newest of each room\n`,
    `compared: ${count(compared)}; equal ${count(equal)}, edited since ${count(editedSince.length)}, deleted since ${count(deletedSince.length)}, different ${count(differs.filter(({ column }) => column !== 'row').length)}\n`,
    ...(newSince === 0 ? [] : [`on the server and not yet read: ${count(newSince)} of the newest messages\n`]),
    ...(purged === 0 ? [] : [`purged from the archive, as its chain says: ${count(purged)} of the newest messages\n`]),
    ...table(
      ['differs', 'room', 'message', 'archive', 'server'],
      differs.map((one) => [one.column, one.room.name, one.messageId, one.archived, one.server]),
      width,
    ),
    ...table(
      ['edited since', 'room', 'archive has', 'server has'],
      editedSince.map(({ messageId, room, archived, now }) => [messageId, room.name, archived, now]),
      width,
    ),
    ...table(
      ['deleted since', 'room'],
      deletedSince.map(({ messageId, room }) => [messageId, room.name]),
      width,
    ),
    ...table(
      ['not compared', 'room', 'why'],
      found.uncomparedRooms.map(({ room, reason, message }) => [reason, room.name, message]),
      width,
    ),
    ...found.notes.map((note) => `note: ${note}\n`),
  ].join('');
}

/** Nothing for no rows: an empty table would be read as a finding. */
function table(
  titles: readonly string[],
  rows: readonly (readonly string[])[],
  width: number | null,
): readonly string[] {
  if (rows.length === 0) return [];
  const columns = titles.map((title, at) => (at === 0 ? { title } : { title, aside: 'labelled' as const }));
  return ['\n', textTable(columns, rows, width), '\n'];
}
