import { resolve } from 'node:path';
import type { Disk } from '../system/disk.ts';
import { messageSources } from '../model/table-name.ts';
import { readArchiveHistory } from '../snapshot/archive-history.ts';
import { readableHistory } from '../snapshot/foreign-rows.ts';
import { TableReader } from '../snapshot/table-reader.ts';
import { systemSurroundings } from '../system/system-surroundings.ts';
import { archivedMessage, type Deletion } from './read/archived-message.ts';
import { gatherRows } from './read/gather-rows.ts';
import { Names } from './read/names.ts';
import { givenNumbers } from '../snapshot/numbers/number-ledger.ts';
import { Numbering } from '../snapshot/numbers/numbering.ts';
import { readLine, rowOfLine } from './read/row-line.ts';
import type { TextVersion } from './read/text-versions.ts';

/** Everything that an archive knows of what a message said. */
export interface MessageHistory {
  readonly messageId: string;
  /** The one that transcripts give it. */
  readonly number: number;
  readonly roomId: string;
  readonly roomTitle: string;
  /** ISO 8601, UTC. */
  readonly sentAt: string;
  readonly author: string | null;
  /** Oldest first, none twice in a row. */
  readonly versions: readonly TextVersion[];
  readonly deletion: Deletion | null;
}

/** What replaces the real disk, and who is told what is lacking. */
export interface HistoryOptions {
  readonly disk?: Disk;
  /** Told of rows that cannot be read, in sentences. */
  readonly onNote?: (note: string) => void;
}

/**
 * Looks a message up in an archive: every text that it is known to have had, from the earlier versions that the server kept
 * and from what each run read. Reads all rows of messages once.
 *
 * @returns undefined when no row is of that message
 * @throws as writeTranscript
 */
export async function messageHistory(
  archive: string,
  messageId: string,
  { disk = systemSurroundings().disk, onNote }: HistoryOptions = {},
): Promise<MessageHistory | undefined> {
  const folder = resolve(archive);
  const { history, notes } = readableHistory(await readArchiveHistory(disk, folder), messageSources);
  for (const note of notes) onNote?.(note);
  const numbering = new Numbering(0, await givenNumbers(disk, folder, history));
  const lines: string[] = [];
  await gatherRows(new TableReader(disk, folder, history), history, {
    numbering,
    names: new Names(),
    onRows: () => undefined,
    isWanted: (id) => id === messageId,
    sort: { add: (line) => Promise.resolve(void lines.push(line)) },
  });
  numbering.close();
  const rows = lines.map((line) => readLine(line)).sort((a, b) => (a.order < b.order ? -1 : 1));
  const message = archivedMessage(rows.map(rowOfLine));
  if (message === undefined) return undefined;
  const { row, versions, deletion, tsMs } = message;
  return {
    messageId,
    number: numbering.numberOf(messageId) ?? 0,
    roomId: row.roomId,
    roomTitle: row.roomTitle,
    sentAt: new Date(tsMs).toISOString(),
    author: row.username ?? row.userName ?? row.userId,
    versions,
    deletion,
  };
}
