import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { nodeDisk } from '../../../src/system/disk.ts';
import { archiveContents } from './archive-contents.ts';

/** The ids of the rows of all runs, in order, one that stands twice twice: of an archive of JSONL without compression. */
export async function idsInArchive(archive: string): Promise<readonly string[]> {
  const { files } = await archiveContents(nodeDisk, archive);
  const ids: string[] = [];
  for (const path of Object.keys(files).filter((name) => name.endsWith('.jsonl'))) {
    const lines = (await readFile(join(archive, path), 'utf8')).split('\n').filter(Boolean);
    ids.push(...lines.map((line) => (JSON.parse(line) as { message_id: string }).message_id));
  }
  return ids.sort();
}
