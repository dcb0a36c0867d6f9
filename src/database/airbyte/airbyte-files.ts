import { z } from 'zod';
import { isArray } from '../../model/json/is-array.ts';
import { JsonShapeError, parseJson, parseShape } from '../../archive/json-shape.ts';
import { UsageError } from '../../errors.ts';
import { tableNames, type TableName } from '../../model/table-name.ts';
import { emitStateSchema } from '../emit/emit-state-schema.ts';
import { noState, type EmitState } from '../emit/emit-state.ts';

/** What the connector is told by whoever sets it up. */
const configSchema = z
  .object({
    archive: z
      .string()
      .min(1)
      .meta({
        title: 'Folder of the archive',
        description: 'Which a job names as its output, as it is mounted into the container of the connector.',
        examples: ['/archive/nightly'],
      }),
  })
  .meta({ title: 'Archive of rocketchat-export' });

/** `spec.connectionSpecification`: JSON Schema, draft 7. */
export function configJsonSchema(): object {
  return z.toJSONSchema(configSchema, { target: 'draft-7', io: 'input' });
}

/** How a stream is read: all of it each time, or what came since the state. */
export interface ConfiguredStream {
  readonly name: TableName;
  readonly mode: 'full_refresh' | 'incremental';
}

const catalogSchema = z.object({
  streams: z.array(
    z.object({
      stream: z.object({ name: z.enum(tableNames) }),
      sync_mode: z.enum(['full_refresh', 'incremental']),
    }),
  ),
});

/** The state of all streams; `version` of one: see EmitState. Other keys, of the platform, are left out. */
const globalStateSchema = z.object({
  type: z.literal('GLOBAL'),
  global: z.object({
    shared_state: emitStateSchema.omit({ versions: true }),
    stream_states: z.array(
      z.object({
        stream_descriptor: z.object({ name: z.string() }),
        stream_state: z.object({ version: z.int().min(1) }),
      }),
    ),
  }),
});

/** @throws UsageError for a file that is something else; so with the others */
export function parseAirbyteConfig(bytes: Uint8Array, path: string): z.infer<typeof configSchema> {
  return parsed(bytes, `configuration "${path}"`, (value) => parseShape(configSchema, value));
}

export function parseAirbyteCatalog(bytes: Uint8Array, path: string): readonly ConfiguredStream[] {
  return parsed(bytes, `catalog "${path}"`, (value) =>
    parseShape(catalogSchema, value).streams.map(({ stream: { name }, sync_mode: mode }) => ({ name, mode })),
  );
}

/** The platform hands over a list of messages, empty or `{}` before there is any; a line of this program's output will do, too. */
export function parseAirbyteState(bytes: Uint8Array, path: string): EmitState {
  return parsed(bytes, `state "${path}"`, (value) => {
    const [only = {}, ...others] = isArray(value) ? value : [value];
    const message = typeof only === 'object' && only !== null && 'state' in only ? only.state : only;
    if (others.length === 0 && JSON.stringify(message) === '{}') return noState;
    if (others.length > 0) throw new JsonShapeError(`it has ${others.length + 1} states, expected one of type GLOBAL`);
    const { shared_state: shared, stream_states: streams } = parseShape(globalStateSchema, message).global;
    const versions = streams.map(
      ({ stream_descriptor: { name }, stream_state: { version } }) => [name, version] as const,
    );
    return { ...shared, versions: Object.fromEntries(versions) };
  });
}

function parsed<T>(bytes: Uint8Array, what: string, parse: (value: unknown) => T): T {
  try {
    return parse(parseJson(bytes));
  } catch (error) {
    if (!(error instanceof JsonShapeError)) throw error;
    throw new UsageError(`Cannot read the ${what}: ${error.message}`, {
      hint: 'Airbyte writes it: docs/databases.md says what it has to hold',
    });
  }
}
