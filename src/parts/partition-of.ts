import { partitionFolder } from '../archive/paths/partition-folder.ts';
import type { Partition } from '../job/job.ts';
import type { FlatMessage } from '../model/flat-message.ts';

/** The folder, below its table's, of the rows of a message, or of a table without rows; undefined: no folder. */
export function partitionOf(
  partition: Partition,
  message: Pick<FlatMessage, 'roomId' | 'ts'> | null,
): string | undefined {
  switch (partition) {
    case 'none':
      return undefined;
    case 'room':
      return partitionFolder('room', message?.roomId ?? null);
    case 'month':
      return partitionFolder('month', message === null ? null : monthOf(message.ts));
  }
}

/** `2026-11`, UTC; of years beyond 9999 ISO 8601 has more digits and a sign. */
function monthOf(ts: Date): string {
  const iso = ts.toISOString();
  return iso.slice(0, iso.indexOf('-', 1) + 3);
}
