import { Ajv, type ValidateFunction } from 'ajv';
import ajvFormats from 'ajv-formats';
import { parseAirbyteState } from '../../../src/database/airbyte/airbyte-files.ts';
import { expectOfProtocol } from './airbyte-protocol.ts';
import type { EmitState } from '../../../src/database/emit/emit-state.ts';

type Cells = Readonly<Record<string, unknown>>;

const text = { type: 'string', minLength: 1 };
const epochMs = { type: 'integer', minimum: 0 };
const object = (properties: Readonly<Record<string, object>>) => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
});
const message = (type: string, key: string, value: object) => object({ type: { const: type }, [key]: value });
const descriptor = object({ name: text });

/**
 * What a line of a source may be, as far as this program uses it: the schema that the protocol publishes (see airbyte-protocol.ts)
 * takes further keys, and misses those that are required of a type; this does neither.
 */
const lineSchema = {
  oneOf: [
    message(
      'SPEC',
      'spec',
      object({ connectionSpecification: { type: 'object' }, supportsIncremental: { type: 'boolean' } }),
    ),
    message('CONNECTION_STATUS', 'connectionStatus', {
      type: 'object',
      properties: { status: { enum: ['SUCCEEDED', 'FAILED'] }, message: text },
      required: ['status'],
      additionalProperties: false,
    }),
    message(
      'CATALOG',
      'catalog',
      object({
        streams: {
          type: 'array',
          items: object({
            name: text,
            json_schema: { type: 'object' },
            supported_sync_modes: { type: 'array', minItems: 1, items: { enum: ['full_refresh', 'incremental'] } },
            source_defined_cursor: { type: 'boolean' },
            default_cursor_field: { type: 'array', items: text },
            source_defined_primary_key: { type: 'array', items: { type: 'array', items: text } },
          }),
        },
      }),
    ),
    message('RECORD', 'record', object({ stream: text, data: { type: 'object' }, emitted_at: epochMs })),
    message(
      'STATE',
      'state',
      object({
        type: { const: 'GLOBAL' },
        global: object({
          shared_state: { type: 'object' },
          stream_states: {
            type: 'array',
            items: object({ stream_descriptor: descriptor, stream_state: { type: 'object' } }),
          },
        }),
        sourceStats: object({ recordCount: { type: 'number' } }),
      }),
    ),
    message(
      'LOG',
      'log',
      object({ level: { enum: ['FATAL', 'ERROR', 'WARN', 'INFO', 'DEBUG', 'TRACE'] }, message: text }),
    ),
    message('TRACE', 'trace', {
      oneOf: [
        object({
          type: { const: 'STREAM_STATUS' },
          emitted_at: epochMs,
          stream_status: object({
            stream_descriptor: descriptor,
            status: { enum: ['STARTED', 'RUNNING', 'COMPLETE', 'INCOMPLETE'] },
          }),
        }),
        object({
          type: { const: 'ERROR' },
          emitted_at: epochMs,
          error: object({ message: text, failure_type: { enum: ['system_error', 'config_error', 'transient_error'] } }),
        }),
      ],
    }),
  ],
};

export interface AirbyteStream {
  readonly name: string;
  readonly json_schema: Record<string, unknown>;
  readonly source_defined_primary_key: readonly (readonly string[])[];
  readonly default_cursor_field: readonly string[];
}

/** A line, once it is known to be one. */
export type AirbyteMessage =
  | { readonly type: 'CATALOG'; readonly catalog: { readonly streams: readonly AirbyteStream[] } }
  | {
      readonly type: 'RECORD';
      readonly record: { readonly stream: string; readonly data: Cells; readonly emitted_at: number };
    }
  | { readonly type: 'STATE'; readonly state: { readonly sourceStats: { readonly recordCount: number } } }
  | {
      readonly type: 'TRACE';
      readonly trace: {
        readonly stream_status: { readonly status: string; readonly stream_descriptor: { readonly name: string } };
      };
    }
  | { readonly type: 'SPEC' | 'CONNECTION_STATUS' | 'LOG' };

const ajv = new Ajv({ allowUnionTypes: true, strict: false });
ajvFormats.default(ajv);
const isMessage = ajv.compile<AirbyteMessage>(lineSchema);

/** @throws for what the protocol does not allow */
export function airbyteMessages(lines: string): readonly AirbyteMessage[] {
  return lines
    .split('\n')
    .slice(0, -1)
    .map((line) => {
      const parsed: unknown = JSON.parse(line);
      expectOfProtocol('AirbyteMessage', parsed);
      if (!isMessage(parsed)) throw new Error(`${ajv.errorsText(isMessage.errors)}: ${line}`);
      return parsed;
    });
}

interface Stored {
  readonly data: Cells;
  readonly order: readonly [run: number, emittedAtMs: number];
}

/** Stores records as destinations do in the mode "incremental, append + deduped", and removes what is marked as gone. */
export class AirbyteDestination {
  readonly #tables = new Map<string, Map<string, Stored>>();
  readonly #streams: ReadonlyMap<string, { readonly keys: readonly string[]; readonly isRecord: ValidateFunction }>;
  /** As the platform hands it over the next time. */
  state: EmitState | undefined;
  /** How far each stream is said to be. */
  readonly statuses = new Map<string, string>();
  /** Records of the last read, and those that its states count. */
  received = 0;
  counted = 0;

  constructor(catalog: readonly AirbyteStream[]) {
    this.#streams = new Map(
      catalog.map(({ name, json_schema: schema, source_defined_primary_key: keys }) => [
        name,
        { keys: keys.map((path) => path.join('.')), isRecord: ajv.compile(schema) },
      ]),
    );
  }

  store(lines: string): void {
    [this.received, this.counted] = [0, 0];
    for (const one of airbyteMessages(lines)) {
      if (one.type === 'RECORD') this.#take(one.record);
      else if (one.type === 'TRACE') {
        this.statuses.set(one.trace.stream_status.stream_descriptor.name, one.trace.stream_status.status);
      } else if (one.type === 'STATE') {
        this.counted += one.state.sourceStats.recordCount;
        this.state = parseAirbyteState(Buffer.from(JSON.stringify([one.state])), 'state.json');
      }
    }
  }

  /** As a refresh that removes the old records does. */
  refresh(name: string): void {
    this.#tables.delete(name);
    if (this.state === undefined) return;
    const versions = Object.entries(this.state.versions).filter(([table]) => table !== name);
    this.state = { ...this.state, versions: Object.fromEntries(versions) };
  }

  rows(table: string): readonly Cells[] {
    return [...(this.#tables.get(table)?.values() ?? [])]
      .map(({ data }) => data)
      .filter(({ _ab_cdc_deleted_at: gone }) => gone === null);
  }

  #take({
    stream: name,
    data,
    emitted_at: emittedAtMs,
  }: {
    readonly stream: string;
    readonly data: Cells;
    readonly emitted_at: number;
  }): void {
    const stream = this.#streams.get(name);
    if (stream === undefined) throw new Error(`No stream "${name}"`);
    if (!stream.isRecord(data)) throw new Error(`${ajv.errorsText(stream.isRecord.errors)}: ${JSON.stringify(data)}`);
    const rows = this.#tables.get(name) ?? new Map<string, Stored>();
    this.#tables.set(name, rows);
    const key = JSON.stringify(stream.keys.map((column) => data[column]));
    const order = [Number(data['run']), emittedAtMs] as const;
    const known = rows.get(key)?.order ?? [0, 0];
    if (order[0] > known[0] || (order[0] === known[0] && order[1] > known[1])) rows.set(key, { data, order });
    this.received += 1;
  }
}
