import { messageSources } from '../../../model/table-name.ts';
import { readArchiveHistory } from '../../../snapshot/archive-history.ts';
import { readableHistory } from '../../../snapshot/foreign-rows.ts';
import { SeenIds } from '../../../snapshot/versions/seen-ids.ts';
import { TableReader } from '../../../snapshot/table-reader.ts';
import type { Disk } from '../../../system/disk.ts';
import { archivedMessage } from '../../read/archived-message.ts';
import { messageRowsIn } from '../../../snapshot/numbers/message-files.ts';
import { givenNumbers } from '../../../snapshot/numbers/number-ledger.ts';
import { Numbering } from '../../../snapshot/numbers/numbering.ts';
import { gatherRows } from '../../read/gather-rows.ts';
import { messageGroups } from '../../read/message-groups.ts';
import { Names } from '../../read/names.ts';
import { readLine, rowOfLine, type RowLine } from '../../read/row-line.ts';
import type { IndexedMessage } from '../engine/index-shape.ts';
import { matches } from '../engine/matches.ts';
import type { QueryTerm, SearchQuery } from '../engine/search-query.ts';
import { wordsOf } from '../engine/words.ts';
import { indexedMessage, textOfRow } from '../indexed-message.ts';

/** A message that was found, and its room. */
interface MessageInRoom {
  readonly message: IndexedMessage;
  readonly roomId: string;
}

interface FoundInRows {
  readonly names: Names;
  readonly query: SearchQuery;
  readonly found: readonly MessageInRoom[];
  /** What could not be looked at, in sentences. */
  readonly notes: readonly string[];
}

/** Groups that are looked at while the rows are read first; what is left over is looked at in what they leave. */
const mostGroups = 30;

/**
 * Looks for messages without an index: reads all rows of messages, notes those that may be meant, reads them again for the
 * whole of these, and looks closely. In memory: 16 bytes for each message that has one of the words, and what is found.
 *
 * @param wholeQuery with the rooms and users, which are asked for by name: all names are known when all rows were read
 */
export async function searchRows(
  disk: Disk,
  archive: string,
  words: SearchQuery,
  wholeQuery: (names: Names) => Promise<SearchQuery>,
  onRows: (rows: number, of: number) => void,
): Promise<FoundInRows> {
  const { history, notes } = readableHistory(await readArchiveHistory(disk, archive), messageSources);
  const reader = new TableReader(disk, archive, history);
  const of = 2 * messageRowsIn(history);
  const [names, numbering] = [new Names(), new Numbering(of / 2, await givenNumbers(disk, archive, history))];
  const looked = words.groups.slice(0, mostGroups);
  const seen = new SeenIds(0);
  await gatherRows(reader, history, {
    numbering,
    names,
    onRows: (rows: number) => onRows(rows, of),
    sort: {
      add: (line) => {
        const read = readLine(line);
        const bits = bitsOf(read, looked);
        if (bits !== 0) seen.mark(read.messageId, bits);
        return Promise.resolve();
      },
    },
  });
  numbering.close();
  const all = (1 << looked.length) - 1;
  const lines: string[] = [];
  await gatherRows(reader, history, {
    numbering: new Numbering(0),
    names: new Names(),
    isWanted: (id) => seen.marks(id) === all,
    sort: { add: (line) => Promise.resolve(void lines.push(line)) },
    onRows: (rows) => onRows(of / 2 + rows, of),
  });
  const query = await wholeQuery(names);
  const found: MessageInRoom[] = [];
  for await (const groups of messageGroups(sorted(lines)))
    for (const group of groups) {
      const { roomId, messageId } = group;
      const archived = archivedMessage(group.lines.map(rowOfLine));
      if (archived === undefined) continue;
      const place = { room: 0, page: '', number: numbering.numberOf(messageId) ?? 0 };
      const message = indexedMessage(archived, place);
      if (matches(message, roomId, query)) found.push({ message, roomId });
    }
  found.sort(({ message: a }, { message: b }) => b[8] - a[8] || (a[0] < b[0] ? 1 : -1));
  return { names, query, found, notes };
}

/** A bit for each group that the row has a word of. */
function bitsOf(line: RowLine, groups: SearchQuery['groups']): number {
  const row = rowOfLine(line);
  const words = new Set([...wordsOf(textOfRow(row)), ...wordsOf(row.msg ?? '')]);
  const isMet = ({ term, isPrefix }: QueryTerm): boolean =>
    words.has(term) || (isPrefix && [...words].some((word) => word.startsWith(term)));
  return groups.reduce((bits, group, at) => (group.some(isMet) ? bits | (1 << at) : bits), 0);
}

async function* sorted(lines: string[]): AsyncGenerator<readonly string[]> {
  yield await Promise.resolve(lines.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)));
}
