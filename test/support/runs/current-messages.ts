import { currentTable } from '../../../src/snapshot/current-table.ts';
import { nodeDisk } from '../../../src/system/disk.ts';

/** What is current in an archive: room, id and words of each message, sorted. */
export async function currentMessages(archive: string): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const rows of (await currentTable(nodeDisk, archive, 'messages')).rows) {
    for (const { room_id, message_id, msg } of rows) lines.push([room_id, message_id, msg].map(String).join(' '));
  }
  return lines.sort();
}
