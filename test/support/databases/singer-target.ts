import { Ajv, type AnySchemaObject, type ValidateFunction } from 'ajv';
import ajvFormats from 'ajv-formats';
import { expect } from '@jest/globals';
import type { EmitState } from '../../../src/database/emit/emit-state.ts';
import { parseSingerState } from '../../../src/database/singer/singer-state.ts';
import type { TableName } from '../../../src/model/table-name.ts';
import { latest } from '../../../src/snapshot/latest.ts';
import type { Disk } from '../../../src/system/disk.ts';
import type { Row, Value } from '../../../src/model/column.ts';
import { columnsOf } from '../archives/rows-archive.ts';

type Cells = Readonly<Record<string, unknown>>;

interface Message {
  readonly type: 'SCHEMA' | 'RECORD' | 'STATE' | 'ACTIVATE_VERSION';
  readonly stream: string;
  readonly schema: AnySchemaObject;
  readonly key_properties: readonly string[];
  readonly record: Cells;
  readonly version: number;
  readonly value: EmitState;
}

const text = { type: 'string', minLength: 1 };
const message = (type: string, properties: Readonly<Record<string, object>>, optional: readonly string[] = []) => ({
  type: 'object',
  properties: { type: { const: type }, ...properties },
  required: ['type', ...Object.keys(properties).filter((name) => !optional.includes(name))],
  additionalProperties: false,
});
const version = { type: 'integer', minimum: 1 };

/**
 * What a line may be. Source: https://github.com/singer-io/getting-started/blob/master/docs/SPEC.md; `version` and
 * ACTIVATE_VERSION: https://github.com/singer-io/singer-python/blob/master/singer/messages.py
 */
const lineSchema = {
  oneOf: [
    message('SCHEMA', {
      stream: text,
      schema: {
        type: 'object',
        properties: { type: { const: 'object' }, properties: { type: 'object' }, required: { type: 'array' } },
        required: ['type', 'properties'],
      },
      key_properties: { type: 'array', items: text, minItems: 1 },
    }),
    message(
      'RECORD',
      { stream: text, record: { type: 'object' }, version, time_extracted: { type: 'string', format: 'date-time' } },
      ['version', 'time_extracted'],
    ),
    message('STATE', { value: { type: 'object' } }),
    message('ACTIVATE_VERSION', { stream: text, version }),
  ],
};

const ajv = new Ajv({ allowUnionTypes: true });
ajvFormats.default(ajv);
const isLine = ajv.compile<Message>(lineSchema);

const validators = new Map<string, ValidateFunction>();

/** Each call of a tap has the same schemas again, and to compile them takes most of a test. */
function validatorOf(schema: AnySchemaObject): ValidateFunction {
  const key = JSON.stringify(schema);
  const known = validators.get(key) ?? ajv.compile(schema);
  validators.set(key, known);
  return known;
}

interface Stored {
  readonly record: Cells;
  readonly version: number;
}

interface Stream {
  readonly keys: readonly string[];
  readonly isRecord: ValidateFunction;
}

/** Stores what a tap writes, as targets do, and takes nothing that the specification does not allow. */
export class SingerTarget {
  readonly tables: Map<string, Map<string, Stored>>;
  /** Of the last STATE. */
  state: EmitState | undefined;
  /** Records that came since the last look at it. */
  received = 0;

  private constructor(tables: SingerTarget['tables'], state: EmitState | undefined) {
    this.tables = tables;
    this.state = state;
  }

  static empty(): SingerTarget {
    return new SingerTarget(new Map(), undefined);
  }

  copy(): SingerTarget {
    return new SingerTarget(new Map([...this.tables].map(([name, rows]) => [name, new Map(rows)])), this.state);
  }

  /** @param lines of one call of the tap: each says its schemas itself */
  store(lines: readonly string[]): void {
    const streams = new Map<string, Stream>();
    for (const line of lines) {
      const parsed: unknown = JSON.parse(line);
      if (!isLine(parsed)) throw new Error(`${ajv.errorsText(isLine.errors)}: ${line}`);
      this.#take(parsed, streams);
    }
  }

  /** Rows that are not gone. */
  rows(table: string): readonly Cells[] {
    return [...(this.tables.get(table)?.values() ?? [])]
      .map(({ record }) => record)
      .filter(({ _sdc_deleted_at: gone }) => gone === null);
  }

  #take(parsed: Message, streams: Map<string, Stream>): void {
    if (parsed.type === 'STATE') {
      // As the caller hands it over the next time.
      this.state = parseSingerState(Buffer.from(JSON.stringify(parsed.value)), 'state.json');
      return;
    }
    const { stream: name } = parsed;
    if (parsed.type === 'SCHEMA') {
      streams.set(name, { keys: parsed.key_properties, isRecord: validatorOf(parsed.schema) });
      if (!this.tables.has(name)) this.tables.set(name, new Map());
      return;
    }
    const stream = streams.get(name);
    const rows = this.tables.get(name);
    if (stream === undefined || rows === undefined) throw new Error(`No SCHEMA before: ${JSON.stringify(parsed)}`);
    if (parsed.type === 'ACTIVATE_VERSION') {
      // Up to and including it, as the hard deletes of the Meltano SDK do.
      for (const [key, stored] of rows) if (stored.version <= parsed.version) rows.delete(key);
      return;
    }
    const { record, version: own } = parsed;
    if (!stream.isRecord(record))
      throw new Error(`${ajv.errorsText(stream.isRecord.errors)}: ${JSON.stringify(record)}`);
    rows.set(JSON.stringify(stream.keys.map((key) => record[key])), { record, version: own });
    this.received += 1;
  }
}

const inOrder = (rows: readonly Cells[]): readonly string[] => rows.map((row) => JSON.stringify(row)).sort();

/** Compares every value of the rows in a target with what `latest` returns. */
export async function expectReplicated(
  archive: string,
  target: Pick<SingerTarget, 'rows'>,
  tables: readonly TableName[],
  disk: Disk,
): Promise<void> {
  for (const table of tables) {
    const expected: Cells[] = [];
    for await (const batch of (await latest(archive, { table, disk })).rows) {
      expected.push(...batch.map((row) => cellsOf(table, row, (value) => value)));
    }
    const found = target.rows(table).map((row) => cellsOf(table, row as Row, (value) => JSON.parse(value as string)));
    expect(inOrder(found)).toEqual(inOrder(expected));
  }
}

function cellsOf(table: TableName, row: Row, ofJson: (value: Value) => unknown): Cells {
  return Object.fromEntries(
    columnsOf(table).map(({ name, type }) => {
      const value = row[name] ?? null;
      return [name, type.kind === 'json' && value !== null ? ofJson(value) : value];
    }),
  );
}
