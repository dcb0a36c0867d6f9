import { sha256 } from '../../archive/hash-file.ts';
import type { Row } from '../../model/column.ts';

/** Names what rows say, as they would be without any step: 16 hex digits, for a workspace may have 100,000 members of rooms. */
export function rowDigest(rows: readonly Row[]): string {
  return sha256(JSON.stringify(rows)).slice(0, 16);
}
