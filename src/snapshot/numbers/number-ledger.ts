import { join } from 'node:path';
import { ownCopy } from '../../model/text/own-copy.ts';
import { sha256 } from '../../archive/hash-file.ts';
import type { HashedFile } from '../../archive/manifest/manifest.ts';
import { numbersPath, partPath } from '../../archive/paths.ts';
import { DifferenceError } from '../../errors.ts';
import { messageSources } from '../../model/table-name.ts';
import type { Disk } from '../../system/disk.ts';
import { nullableColumns } from '../../tables/stored-columns.ts';
import type { ArchiveHistory } from '../archive-history.ts';
import { TableReader } from '../table-reader.ts';
import { messageFiles, messageRowsIn } from './message-files.ts';
import { Numbering } from './numbering.ts';

/**
 * The numbers that messages have for good: those that were written down before rows were taken out of the archive, from which
 * they would else follow.
 *
 * @returns ids in the order of their numbers, from 1
 * @throws DifferenceError for a file that is not what its manifest says
 */
export async function givenNumbers(
  disk: Disk,
  archive: string,
  { numbers }: Pick<ArchiveHistory, 'numbers'>,
): Promise<readonly string[]> {
  const ids: string[] = [];
  for (const file of numbers) {
    const path = join(archive, file.path);
    const bytes = await disk.readFile(path);
    const actual = bytes === undefined ? 'not there' : `one with SHA-256 ${sha256(bytes)}`;
    if (bytes === undefined || sha256(bytes) !== file.sha256) {
      throw new DifferenceError(`Cannot use "${path}": its manifest says SHA-256 ${file.sha256}, and it is ${actual}`, {
        hint: 'Run `verify`: it names every file that is not what its manifest says',
      });
    }
    for (const line of bytes.toString().split('\n')) if (line !== '') ids.push(String(JSON.parse(line)));
  }
  return ids;
}

const columnNames = new Set(['message_id', 'run', 'op']);

/**
 * Writes down the numbers of all messages that have got one since the last time, for the link that is about to take rows out:
 * to `_work/parts`, to be named in its manifest.
 *
 * @param run of that link
 * @param dropped rows that it takes out, by table
 * @returns undefined when there is no new one, or when every row of a message stays: numbers follow from the rows, and only
 *   those of messages whose rows go would be given anew
 */
export async function writeNumbers(
  disk: Disk,
  archive: string,
  history: ArchiveHistory,
  run: number,
  dropped: Readonly<Record<string, number>>,
): Promise<HashedFile | undefined> {
  if (messageSources.every((table) => (dropped[table] ?? 0) === 0)) return undefined;
  const known = await givenNumbers(disk, archive, history);
  const numbering = new Numbering(messageRowsIn(history) + known.length, known);
  const ids = new Map<number, string>();
  const all: string[] = [];
  const reader = new TableReader(disk, archive, history);
  for (const { source, file } of messageFiles(history)) {
    const columns = nullableColumns(source, columnNames);
    for await (const batch of reader.rows(file, columns)) {
      for (const { message_id: id, run: rowRun, op } of batch) {
        if (op === 'delete' || typeof id !== 'string') continue;
        if (numbering.note(id, typeof rowRun === 'number' ? rowRun : 0)) all.push(ownCopy(id));
      }
    }
  }
  const last = numbering.close();
  for (const id of all) ids.set(numbering.numberOf(id) ?? 0, id);
  const lines: string[] = [];
  for (let number = known.length + 1; number <= last; number++)
    lines.push(`${JSON.stringify(ids.get(number) ?? '')}\n`);
  if (lines.length === 0) return undefined;
  const bytes = Buffer.from(lines.join(''));
  const path = numbersPath(run);
  const part = join(archive, partPath(path));
  await disk.makeFolder(join(part, '..'));
  const file = await disk.open(part, 'truncate');
  try {
    await file.write(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
  return { path, sizeBytes: bytes.length, sha256: sha256(bytes) };
}
