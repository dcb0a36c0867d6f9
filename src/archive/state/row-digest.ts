import type { Row } from '../../model/column.ts';
import { sha256 } from '../hash-file.ts';

/**
 * What the state remembers of a row that was written: whether a later one says anything new. Of rows as they would be
 * without any step. 16 hex digits, for a workspace may have 20,000 rooms and 100,000 members of rooms.
 */
export function rowDigest(rows: readonly Row[]): string {
  return sha256(JSON.stringify(rows)).slice(0, 16);
}
