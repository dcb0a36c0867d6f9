import { elementTables } from '../../model/table-name.ts';
import type { ArchivedRow, ArchivedRows } from '../../snapshot/archived-rows.ts';
import { rowContent } from '../../snapshot/row-content.ts';
import { ExportError } from '../../errors.ts';
import type { Message } from '../../model/message.ts';
import { allowedLatenessMs, type Cursor } from '../../model/stream.ts';
import type { Row } from '../../model/column.ts';
import type { FlatMessage } from '../../model/flat-message.ts';
import type { MessageTableName } from '../../model/table-name.ts';
import type { JournalContext } from '../journal-context.ts';
import type { PlannedStream } from '../../plan/run-plan.ts';

/** Whether the newest rows that a side table has of a message say what these say. */
export function isArchived(archived: ArchivedRow | undefined, table: MessageTableName, rows: readonly Row[]): boolean {
  if (archived === undefined || archived.isDeleted) return false;
  return archived.content === rows.reduce((before, row) => rowContent(table, row, before), '');
}

/**
 * Whether a list read up to this place may have brought a message: up to its watermark, and as far beyond as that was set
 * back. Ids alone would not do: those that the list has lost since are not among them any more.
 */
function mayHaveRead(cursor: Cursor | null): (message: Message) => boolean {
  const watermark = cursor?.watermark ?? null;
  if (watermark === null) return () => false;
  const untilMs = watermark.tsMs + allowedLatenessMs;
  return ({ tsMs, undated }) => undated !== undefined || tsMs <= untilMs;
}

/**
 * Which elements of messages that a walk brings side tables have already: earlier runs may have read the room's other list
 * further than this one. The archive is looked into when the first message comes that lies before that place.
 */
export class KnownElements {
  readonly #load: Pick<JournalContext, 'disk' | 'archive' | 'steps' | 'tables' | 'damaged' | 'rowsOf'>;
  readonly #stream: PlannedStream;
  /** Whether the other list may have brought a message. */
  readonly mayHave: (message: Message) => boolean;
  #rows: ArchivedRows | undefined;

  constructor(
    load: Pick<JournalContext, 'disk' | 'archive' | 'steps' | 'tables' | 'damaged' | 'rowsOf'>,
    stream: PlannedStream,
  ) {
    this.#load = load;
    this.#stream = stream;
    this.mayHave = mayHaveRead(stream.otherCursor);
  }

  /** Of some tables those that have other rows of a message, or none. @param flat the same after the steps of the job */
  async without(
    tables: readonly MessageTableName[],
    message: Message,
    flat: FlatMessage,
  ): Promise<readonly MessageTableName[]> {
    if (!this.mayHave(message)) return tables;
    this.#rows ??= await this.#read();
    const rows = this.#rows;
    return tables.filter((table) => !isArchived(rows.get(table)?.get(flat.id), table, this.#load.rowsOf(table, flat)));
  }

  /** An archive that cannot be read has none: a row that is repeated replaces itself. */
  async #read(): Promise<ArchivedRows> {
    const { disk, archive, steps, tables, damaged } = this.#load;
    // Few runs need it: what reads tables is loaded then.
    const { archivedRows } = await import('../../snapshot/archived-rows.ts');
    const { id } = steps.room(this.#stream.room);
    const names = elementTables.filter((table) => tables.has(table));
    const isHere = (_: string, _table: MessageTableName, roomId: string): boolean => roomId === id;
    try {
      const wanted = { has: isHere, sinceMs: Number.NEGATIVE_INFINITY };
      return await archivedRows(disk, archive, names, wanted, { present: steps.counts(), damaged });
    } catch (error) {
      if (!(error instanceof ExportError)) throw error;
      return new Map();
    }
  }
}
