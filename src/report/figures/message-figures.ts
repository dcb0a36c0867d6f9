import { wholeMessageTables } from '../../model/table-name.ts';
import type { Disk } from '../../system/disk.ts';
import type { ArchiveHistory } from '../../snapshot/archive-history.ts';
import { currentTable } from '../../snapshot/current-table.ts';
import { ExternalSort } from '../../transcript/sort/external-sort.ts';
import type { ZonedTime } from '../../transcript/text/zoned-time.ts';
import { conversationLine, conversationsIn, type Conversations } from './conversations.ts';
import { MessageTally, talliedColumns } from './message-tally.ts';

/** What the messages of an archive add up to, in their newest versions and without those that are deleted. */
export interface MessageFigures {
  /** The table that they are counted from; null: the archive has no messages, or none that can be read. */
  readonly table: (typeof wholeMessageTables)[number] | null;
  readonly tally: MessageTally;
  readonly conversations: Conversations;
  /** See CopiedTable. */
  readonly damaged: readonly string[];
  readonly notes: readonly string[];
}

interface Reading {
  readonly zone: ZonedTime;
  /** Absolute. What does not fit the memory is put there. */
  readonly sortFolder: string;
  readonly onRows: (rows: number) => void;
}

/** Reads the newest version of each message once. @throws as `currentTable` */
export async function messageFigures(
  disk: Disk,
  archive: string,
  { runs }: ArchiveHistory,
  { zone, sortFolder, onRows }: Reading,
): Promise<MessageFigures> {
  const table = wholeMessageTables.find((name) => runs.some(({ tables }) => Object.hasOwn(tables, name)));
  const tally = new MessageTally(zone);
  const sort = new ExternalSort(disk, sortFolder);
  let damaged: readonly string[] = [];
  let notes: readonly string[] = [];
  if (table !== undefined) {
    let rows = 0;
    const current = await currentTable(disk, archive, table, { only: talliedColumns });
    ({ damaged, notes } = current);
    for await (const batch of current.rows) {
      for (const row of batch) {
        const message = tally.add(row);
        if (message !== undefined) await sort.add(conversationLine(message));
      }
      rows += batch.length;
      onRows(rows);
    }
  }
  return { table: table ?? null, tally, damaged, notes, conversations: await conversationsIn(sort.sorted()) };
}
