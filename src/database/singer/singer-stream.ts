import { UsageError } from '../../errors.ts';
import type { ColumnDescription, ColumnSpec, Row, Value } from '../../model/column.ts';
import { anyKind, batchOfRows, type RowKind } from '../../model/row-batch.ts';
import type { SchemaTable } from '../../schemas/schema-request.ts';
import { jsonLines } from '../../sinks/jsonl/json-lines.ts';
import type { RowLines } from '../../sinks/row-lines.ts';
import { tableJsonSchema } from '../../tables/json-schema.ts';
import { hasSeveralRows, rowKeys } from '../../tables/rows/row-key.ts';

/** What targets take for the mark of a row that is gone; null in all others, so that a row may come back. */
const deletedAt: ColumnDescription = {
  name: '_sdc_deleted_at',
  type: { kind: 'timestamp' },
  nullable: true,
  meaning: 'Of a row that is gone, when: where the server did not report it, the end of the run that found it gone.',
  from: 'the run',
};

/** Targets are written in Python, whose datetime has the years 1 to 9999; RFC 3339 has those up to 9999. */
const firstTime = new Date('0001-01-01T00:00:00.000Z');
const lastTime = new Date('9999-12-31T23:59:59.999Z');

/**
 * The messages of one table, as the Singer specification has them, each a line. ACTIVATE_VERSION and the `version` of
 * records are what the first taps and their targets added to it: rows of lower versions are gone.
 *
 * Source: the specification (SPEC.md) in https://github.com/singer-io/getting-started
 */
export class SingerStream {
  readonly name: SchemaTable['name'];
  /** What is read of files. What a job has dropped is null. */
  readonly columns: readonly ColumnSpec[];
  readonly keys: readonly string[];
  /** Times that the format `date-time` cannot hold: the nearest that it can is there instead. */
  clamped = 0;
  readonly #table: SchemaTable;
  readonly #written: readonly ColumnDescription[];
  readonly #times: readonly string[];
  readonly #kind: RowKind;
  readonly #lines: RowLines;
  readonly #finishedAt: ReadonlyMap<number, string>;

  /** @param finishedAt by run when it ended */
  constructor(table: SchemaTable, finishedAt: ReadonlyMap<number, string>) {
    this.name = table.name;
    this.keys = [...rowKeys[table.name], ...(hasSeveralRows(table.name) ? ['position'] : [])];
    this.columns = table.columns.map(({ name, type }) => ({ name, type, nullable: true }));
    this.#table = table;
    this.#written = [...table.columns, deletedAt].map((column) => ({
      ...column,
      nullable: !this.keys.includes(column.name),
    }));
    this.#times = this.#written.filter(({ type }) => type.kind === 'timestamp').map(({ name }) => name);
    this.#kind = anyKind(this.#written);
    this.#lines = jsonLines(this.#written);
    this.#finishedAt = finishedAt;
  }

  schema(): string {
    const { name, meaning } = this.#table;
    const required = new Set(this.keys);
    const { type, properties, ...rest } = tableJsonSchema({ name, meaning, columns: this.#written, required });
    const schema = { type, properties, required: rest['required'] };
    return `${JSON.stringify({ type: 'SCHEMA', stream: name, schema, key_properties: this.keys })}\n`;
  }

  activateVersion(version: number): string {
    return `${JSON.stringify({ type: 'ACTIVATE_VERSION', stream: this.name, version })}\n`;
  }

  /** @throws UsageError for a row that does not say what it is of */
  records(rows: readonly Row[], version: number): string {
    const batch = batchOfRows(rows.map(this.#within), this.#written, this.#kind);
    let text = '';
    rows.forEach((row, at) => {
      for (const key of this.keys) if ((row[key] ?? null) === null) this.#lacks(key);
      // Without the line feed.
      const record = this.#lines.row(batch, at).slice(0, -1);
      const time = this.#finishedAt.get(typeof row['run'] === 'number' ? row['run'] : 0);
      const extracted = time === undefined ? '' : `,"time_extracted":"${time}"`;
      text += `{"type":"RECORD","stream":"${this.name}","record":${record},"version":${version}${extracted}}\n`;
    });
    return text;
  }

  /** @param run that found the row gone */
  deleted(row: Row, run: number): Row {
    const reported: Value = row['deleted_at'] ?? null;
    const found = new Date(this.#finishedAt.get(run) ?? 0);
    return { ...row, op: 'delete', run, [deletedAt.name]: reported instanceof Date ? reported : found };
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
