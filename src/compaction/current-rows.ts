import type { Row } from '../tables/column.ts';

/** Which rows of an archive no later run replaced or deleted. */
export interface CurrentRows {
  /** Whether some rows of a table may not be current. */
  mayDrop(table: string): boolean;
  /** Whether a row of a table is. */
  keeps(table: string): (row: Row) => boolean;
}
