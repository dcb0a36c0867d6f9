import type { Row } from '../model/column.ts';

/** The current row of a message, and what is needed to compare it. */
export interface SampledMessage {
  readonly id: string;
  readonly roomId: string;
  readonly roomName: string;
  readonly tsMs: number;
  /** The run that wrote the row. */
  readonly run: number;
  readonly row: Row;
  /** Names of the columns that its file has: any other was dropped, or is younger than the file. */
  readonly columns: ReadonlySet<string>;
}
