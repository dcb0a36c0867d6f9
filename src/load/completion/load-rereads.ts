import { elementTables } from '../../model/table-name.ts';
import { endpoints } from '../../endpoints/endpoints.ts';
import type { FlatMessage } from '../../model/flat-message.ts';
import type { Message } from '../../model/message.ts';
import type { MessageTableName } from '../../model/table-name.ts';
import type { RunReread } from '../../plan/run-plan.ts';
import { takenBy } from '../../plan/spans/spans.ts';
import { hasElements } from '../../tables/element-tables.ts';
import { flatten } from '../../transforms/flatten.ts';
import { archivedVersionIds } from '../archived/archived-version-ids.ts';
import { lookUpRows, whyUncompared } from '../archived/archive-lookup.ts';
import { journalMessages } from '../journal-messages.ts';
import { contextOf, type LoadContext, readElsewhere } from '../load-stream.ts';

/**
 * Writes rows of messages that earlier runs read into tables that no run had made then. Called when all else is written:
 * what walks and changes of this run brought has its rows, also in these tables.
 *
 * @returns by journal, messages that got rows
 */
export async function loadRereads(load: LoadContext): Promise<Readonly<Record<string, number>>> {
  const exported: Record<string, number> = {};
  const { rereads } = load.runPlan;
  if (rereads.length === 0) return exported;
  const has = await archivedIn(load, rereads);
  const knownVersions = await versionsIn(load, rereads);
  for (const reread of rereads) exported[reread.journal] = await loadReread(load, reread, { has, knownVersions });
  return exported;
}

type IsArchived = (table: MessageTableName, id: string) => boolean;

interface Archived {
  readonly has: IsArchived;
  /** Ids of earlier versions of messages. */
  readonly knownVersions: ReadonlySet<string>;
}

async function loadReread(load: LoadContext, reread: RunReread, { has, knownVersions }: Archived): Promise<number> {
  const { runPlan, steps, rows, versions, met, tables: made } = load;
  const endpoint = endpoints[reread.endpoint];
  const isShared = readElsewhere(reread, runPlan);
  const isTaken = takenBy(reread.spans);
  const context = contextOf(reread.room, runPlan);
  const lacking = lackingIn(reread).filter((table) => made.has(table));
  const makesVersions = made.has('message_versions') && reread.tables.includes('message_versions');
  const isNewVersion = (id: string): boolean => makesVersions && !knownVersions.has(id) && !load.versionIds.has(id);
  const meets = made.has('users') && reread.tables.includes('users');
  const isDue = (message: Message): boolean =>
    isTaken(message) &&
    endpoint.accepts(message.raw, reread.filters) &&
    // What the walk of the room's other list brought has its rows in the table of that one.
    versions.walkedAtMs(endpoint.table, reread.room.id, message.id) === undefined;
  const dueIn = (message: Message, flat: FlatMessage): readonly MessageTableName[] =>
    lacking.filter((table) => {
      if (has(table, flat.id) || versions.isWrittenByChanges(table, flat.id)) return false;
      if (table === endpoint.table) return true;
      const side = elementTables.find((name) => name === table);
      return side !== undefined && !isShared(message) && hasElements(flat, side);
    });
  let exported = 0;
  for await (const { messages } of journalMessages(load, reread)) {
    for (const message of messages) {
      if (!isDue(message) || (message.hidden && !isNewVersion(message.id))) continue;
      const read = flatten(message, context);
      const flat = steps.message(read);
      if (message.hidden) {
        load.versionIds.add(message.id);
        if (flat === null) continue;
        exported += 1;
        await rows.add(flat, ['message_versions'], false);
        continue;
      }
      if (meets && flat !== null) met.note(read, flat);
      const tables = flat === null ? [] : dueIn(message, flat);
      if (flat === null || tables.length === 0) continue;
      exported += 1;
      const written = rows.add(flat, tables, false);
      if (written !== undefined) await written;
    }
  }
  await rows.flush();
  return exported;
}

/** The tables that a list fills: of a side table the part that mentions fill has a name of its own. */
function lackingIn({ endpoint, tables }: RunReread): readonly MessageTableName[] {
  const { table } = endpoints[endpoint];
  const part = table === 'messages' ? '' : ` of ${table}`;
  return [
    ...(tables.includes(table) ? [table] : []),
    ...elementTables.filter((side) => tables.includes(`${side}${part}`)),
  ];
}

/** The earlier versions that the archive has: some run made their table before, or met them when it compared a room. */
async function versionsIn(
  { disk, archive, steps, tables, damaged }: LoadContext,
  rereads: readonly RunReread[],
): Promise<ReadonlySet<string>> {
  const isMade = tables.has('message_versions') && rereads.some((one) => one.tables.includes('message_versions'));
  return isMade ? archivedVersionIds({ disk, archive, steps, damaged }, 'all') : new Set();
}

/** What the tables have of the rooms all the same: since they are made, changes and walks keep it up to date. */
async function archivedIn(load: LoadContext, rereads: readonly RunReread[]): Promise<IsArchived> {
  const rooms = new Set(rereads.map(({ room }) => load.steps.room(room).id));
  const tables = new Set(rereads.flatMap(lackingIn).filter((table) => load.tables.has(table)));
  const isHere = (_: string, table: MessageTableName, roomId: string): boolean =>
    rooms.has(roomId) && tables.has(table);
  try {
    const found = await lookUpRows({ ...load, tables }, { has: isHere, sinceMs: Number.NEGATIVE_INFINITY });
    return (table, id) => found.get(table)?.has(id) === true;
  } catch (error) {
    // Of an archive that does not tell nothing is known: a row that is repeated replaces itself.
    whyUncompared(error);
    return () => false;
  }
}
