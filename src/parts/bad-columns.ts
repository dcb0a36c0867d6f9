import { isList } from '../model/column.ts';
import type { ColumnDescription } from '../model/column.ts';
import type { FlatMessage } from '../model/flat-message.ts';
import type { LoadResult } from '../model/run/load-result.ts';
import type { MessageTable } from '../tables/tables.ts';

/**
 * Counts, in rows that are written, the cells that what the server sent in a wrong type is missing from: those that are
 * read from such a field and hold nothing, or a list.
 */
export class BadColumns {
  readonly #counts = new Map<string, Map<string, number>>();

  note(table: MessageTable, messages: readonly FlatMessage[]): void {
    // Nearly no message has any.
    const bad = messages.filter(({ badFields }) => badFields.length > 0);
    for (const message of bad) {
      const columns = table.columns.filter((column) => isReadFrom(column, message));
      for (const row of table.rows([message])) {
        for (const { name, type } of columns) {
          // Of a list the good elements are kept, so that it may lack some whatever it holds.
          if (isList(type) || isNothing(row[name])) this.#add(table.name, name);
        }
      }
    }
  }

  byTable(): LoadResult['badColumns'] {
    return Object.fromEntries([...this.#counts].map(([table, columns]) => [table, Object.fromEntries(columns)]));
  }

  #add(table: string, column: string): void {
    const columns = this.#counts.get(table) ?? new Map<string, number>();
    this.#counts.set(table, columns.set(column, (columns.get(column) ?? 0) + 1));
  }
}

/** `from` lists fields, some with where in them: "mentions[].name, fname", "u._id", "md LINK, IMAGE". */
function isReadFrom({ name, from }: ColumnDescription, { badFields, isSystem }: FlatMessage): boolean {
  // They say nothing of what people write, though read from the same fields.
  if (name.startsWith('system_') && !isSystem) return false;
  return from.split(', ').some((part) => badFields.includes(part.split(/[.[ ]/)[0] ?? ''));
}

/** What a column holds where the server sent nothing. */
function isNothing(value: unknown): boolean {
  return value === null || value === undefined || value === false || value === 0;
}
