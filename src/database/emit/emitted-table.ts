import { UsageError } from '../../errors.ts';
import type { ColumnDescription, ColumnSpec, Row, Value } from '../../model/column.ts';
import { anyKind, batchOfRows, type RowKind } from '../../model/row-batch.ts';
import type { SchemaTable } from '../../schemas/schema-request.ts';
import { jsonLines } from '../../sinks/jsonl/json-lines.ts';
import type { RowLines } from '../../sinks/row-lines.ts';
import { tableJsonSchema, type JsonSchema } from '../../tables/json-schema.ts';
import { hasSeveralRows, rowKeys } from '../../tables/rows/row-key.ts';

/** The readers of these protocols are written in Python or Java: its `datetime` has the years 1 to 9999, RFC 3339 those up to 9999. */
const firstTime = new Date('0001-01-01T00:00:00.000Z');
const lastTime = new Date('9999-12-31T23:59:59.999Z');

/** A table as it is emitted: its schema, its keys, and its rows as JSON. */
export class EmittedTable {
  readonly name: SchemaTable['name'];
  /** What is read of files. What a job has dropped is null. */
  readonly columns: readonly ColumnSpec[];
  /** Whoever stores rows replaces by them. */
  readonly keys: readonly string[];
  /** Times that the format `date-time` cannot hold: the nearest that it can is there instead. */
  clamped = 0;
  readonly #meaning: string;
  readonly #written: readonly ColumnDescription[];
  readonly #times: readonly string[];
  readonly #kind: RowKind;
  readonly #lines: RowLines;
  readonly #finishedAt: ReadonlyMap<number, string>;
  readonly #deletedAt: string;

  /**
   * @param finishedAt by run when it ended, ISO 8601
   * @param deletedAt the column that marks a row that is gone; null in all others, so that a row may come back
   */
  constructor(table: SchemaTable, finishedAt: ReadonlyMap<number, string>, deletedAt: string) {
    this.name = table.name;
    this.keys = [...rowKeys[table.name], ...(hasSeveralRows(table.name) ? ['position'] : [])];
    this.columns = table.columns.map(({ name, type }) => ({ name, type, nullable: true }));
    this.#meaning = table.meaning;
    this.#deletedAt = deletedAt;
    const mark: ColumnDescription = {
      name: deletedAt,
      type: { kind: 'timestamp' },
      nullable: true,
      meaning:
        'Of a row that is gone, when: where the server did not report it, the end of the run that found it gone.',
      from: 'the run',
    };
    this.#written = [...table.columns, mark].map((column) => ({
      ...column,
      nullable: !this.keys.includes(column.name),
    }));
    this.#times = this.#written.filter(({ type }) => type.kind === 'timestamp').map(({ name }) => name);
    this.#kind = anyKind(this.#written);
    this.#lines = jsonLines(this.#written);
    this.#finishedAt = finishedAt;
  }

  /** JSON Schema of a row. */
  schema(): JsonSchema {
    const required = new Set(this.keys);
    const whole = tableJsonSchema({ name: this.name, meaning: this.#meaning, columns: this.#written, required });
    return { type: whole['type'], properties: whole['properties'], required: whole['required'] };
  }

  /** Each row as JSON, in their order. @throws UsageError for a row that does not say what it is of */
  json(rows: readonly Row[]): readonly string[] {
    const batch = batchOfRows(rows.map(this.#within), this.#written, this.#kind);
    return rows.map((row, at) => {
      for (const key of this.keys) if ((row[key] ?? null) === null) this.#lacks(key);
      // Without the line feed.
      return this.#lines.row(batch, at).slice(0, -1);
    });
  }

  /** When the run ended that wrote a row, ISO 8601; undefined: nobody knows. */
  finishedAt({ run }: Row): string | undefined {
    return this.#finishedAt.get(typeof run === 'number' ? run : 0);
  }

  /** @param run that found the row gone */
  deleted(row: Row, run: number): Row {
    const reported: Value = row['deleted_at'] ?? null;
    const found = new Date(this.#finishedAt.get(run) ?? 0);
    return { ...row, op: 'delete', run, [this.#deletedAt]: reported instanceof Date ? reported : found };
  }

  readonly #within = (row: Row): Row => {
    let within = row;
    for (const name of this.#times) {
      const time = row[name];
      if (!(time instanceof Date) || (time >= firstTime && time <= lastTime)) continue;
      within = { ...within, [name]: time < firstTime ? firstTime : lastTime };
      this.clamped += 1;
    }
    return within;
  };

  #lacks(key: string): never {
    throw new UsageError(`Cannot emit the table "${this.name}": a row has no "${key}", by which targets know it`, {
      hint: 'Leave the column in the table (`dropColumns`), or name the tables to emit: --table messages',
    });
  }
}
