import { elementTables } from '../model/table-name.ts';
import type { MessageTableName } from '../model/table-name.ts';
import type { Message } from '../model/message.ts';
import type { Room } from '../model/room.ts';
import type { FlatMessage, RowContext } from '../model/flat-message.ts';
import { flatten } from '../transforms/flatten.ts';
import type { JournalContext } from './journal-context.ts';
import { archivedIds } from './archived/archived-ids.ts';
import type { ArchivedMessages } from './archived/archived-messages.ts';
import { filledElementTables } from '../tables/element-tables.ts';
import type { Elsewhere } from './exported-versions.ts';
import { isFile } from '../parts/shown-files.ts';
import { journalMessages } from './journal-messages.ts';
import { KnownElements } from './archived/known-elements.ts';
import { endpoints, tablesListing } from '../endpoints/endpoints.ts';
import { planOfRoom } from '../plan/plan-of-room.ts';
import type { RunPlan, PlannedStream, RunStream } from '../plan/run-plan.ts';
import { heldBy } from '../plan/spans/spans.ts';

/** What the loading of one journal shares with that of the others. */
export interface LoadContext extends JournalContext {
  readonly archived: ArchivedMessages;
  /** Of earlier versions of messages that this run has written rows of. */
  readonly versionIds: Set<string>;
}

const none: ReadonlySet<string> = new Set();
const nowhere: Elsewhere = { wanted: [], unwanted: [] };

/** Turns the journal of a stream into rows. @returns messages that passed the filters and the steps */
export async function loadStream(load: LoadContext, stream: RunStream): Promise<number> {
  const { runPlan, steps, rows, badFields, seen, versions, versionIds, met, tables: tablesMade } = load;
  const made = (names: readonly MessageTableName[]): readonly MessageTableName[] =>
    names.filter((name) => tablesMade.has(name));
  const { username } = runPlan.server.user;
  const { filters } = stream;
  const endpoint = endpoints[stream.endpoint];
  const ownTable = endpoint.table;
  const ownTables = made([ownTable, ...elementTables]);
  const sharedTables = made([ownTable]);
  const versionTables = made(['message_versions']);
  const isElsewhere = readElsewhere(stream, runPlan);
  const elsewhere = elsewhereOf(stream, runPlan);
  const known = new KnownElements(load, stream);
  const mayHaveReturned = stream.cursor.watermark === null || stream.isSought;
  const context = contextOf(stream.room, runPlan);
  let exported = 0;
  const filled = new Set<string>();
  for await (const { messages, fillsHole } of journalMessages(load, stream)) {
    const archived = fillsHole ? await archivedIds(load, ownTable, messages) : none;
    const knownVersions = versionTables.length > 0 ? await archivedVersions(load, stream, messages) : none;
    for (const message of messages) {
      if (archived.has(message.id) || (fillsHole && filled.has(message.id))) continue;
      // Two holes of one millisecond may show the same row.
      if (fillsHole) filled.add(message.id);
      if (!endpoint.accepts(message.raw, filters) || (message.hidden && versionTables.length === 0)) continue;
      const read = flatten(message, context);
      for (const field of read.badFields) badFields.set(field, (badFields.get(field) ?? 0) + 1);
      if (!message.hidden) versions.walked(ownTable, stream.room.id, read, elsewhere(message));
      noteDiscussion(seen, read);
      const flat = steps.message(read);
      if (!message.hidden && (mayHaveReturned || known.mayHave(message))) versions.noteReturned();
      if (flat === null) continue;
      if (message.hidden) {
        if (knownVersions.has(message.id)) continue;
        versionIds.add(message.id);
        await rows.add(flat, versionTables, stream.mayReplace);
        continue;
      }
      exported += 1;
      if (versions.hasWalked(message.id)) {
        versions.settled(message.id, [...tablesListing(message.raw, username), ...filledElementTables(flat)]);
      }
      if (tablesMade.has('users')) met.note(read, flat);
      const isShared = isElsewhere(message);
      if (!isShared) countSeen(seen, read);
      let tables = isShared ? sharedTables : ownTables;
      // Nearly every message has nothing to wait for, and a promise for each would cost as much as its row.
      if (!isShared && known.mayHave(message)) tables = await known.without(ownTables, message, flat);
      const written = rows.add(flat, tables, stream.mayReplace);
      if (written !== undefined) await written;
    }
  }
  await rows.flush();
  return exported;
}

/**
 * Of the earlier versions in a page those that the archive has: the run before may have met them when it compared the room,
 * after its walk had passed their place, and the next walk takes what came late. A list that is read from its beginning is
 * written anew.
 */
async function archivedVersions(
  load: LoadContext,
  { cursor }: RunStream,
  messages: readonly Message[],
): Promise<ReadonlySet<string>> {
  if (cursor.watermark === null || !messages.some(({ hidden }) => hidden)) return none;
  // Few runs need it: what reads tables is loaded then.
  const { archivedVersionIds } = await import('./archived/archived-version-ids.ts');
  return archivedVersionIds(load, new Set(messages.filter(({ hidden }) => hidden).map(({ id }) => id)));
}

/** Of a message before the steps: one that leaves it out leaves the discussion where it is. */
export function noteDiscussion(seen: LoadContext['seen'], { discussionId, msg, roomType }: FlatMessage): void {
  if (discussionId === null) return;
  seen.discussions[discussionId] = { name: msg ?? '', kind: roomType === 'channel' ? 'public' : 'private' };
}

function countSeen(seen: LoadContext['seen'], read: FlatMessage): void {
  const { encrypted, attachments } = read;
  if (encrypted) seen.encryptedMessages += 1;
  seen.files += attachments.filter(isFile).length;
}

/** In which other tables of the room a message belongs, of those that this run reads. */
function elsewhereOf({ key, room }: PlannedStream, runPlan: RunPlan): (message: Message) => Elsewhere {
  const { username } = runPlan.server.user;
  const others = planOfRoom(runPlan, room.id)
    .streams.filter((other) => other.key !== key)
    .map((other) => ({ ...other, endpoint: endpoints[other.endpoint], holds: heldBy(other) }));
  if (others.length === 0) return () => nowhere;
  return (message) => {
    const lists = ({ endpoint, filters, holds }: (typeof others)[number]): boolean =>
      holds(message) && endpoint.lists(message.raw, filters, username);
    return {
      wanted: others.filter((other) => lists(other)).map(({ endpoint }) => endpoint.table),
      unwanted: others.filter((other) => !lists(other)).map(({ endpoint }) => endpoint.table),
    };
  };
}

export function contextOf(room: Room, { run }: Pick<RunPlan, 'run'>): RowContext {
  const { id: roomId, name: roomName, displayName: roomTitle = roomName, type: roomType } = room;
  return { roomId, roomName, roomTitle, roomType, run };
}

/**
 * Whether a message of the room's mentions is the matter of its list of all messages, too, whether or not this run reads
 * that: it stands in both message tables then, but its mentions, reactions, attachments and links in the side tables once.
 */
export function readElsewhere({ endpoint, room }: PlannedStream, runPlan: RunPlan): (message: Message) => boolean {
  if (endpoints[endpoint].table === 'messages') return () => false;
  const { streams, changes } = planOfRoom(runPlan, room.id);
  const whole = [...streams, ...(changes?.revised ?? [])].find(
    (other) => endpoints[other.endpoint].table === 'messages',
  );
  if (whole === undefined) return () => false;
  const holds = heldBy(whole);
  return (message) => holds(message) && endpoints[whole.endpoint].accepts(message.raw, whole.filters);
}
