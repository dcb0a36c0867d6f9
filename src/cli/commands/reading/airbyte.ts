import { resolve } from 'node:path';
import { exitCodes, ExportError, UsageError } from '../../../errors.ts';
import type { EmittedLines } from '../../../database/emit/emitted-lines.ts';
import { omitUndefined } from '../../../omit-undefined.ts';
import { exitCodeTable } from '../../report/exit-code-table.ts';
import { writeLines } from '../../result/write-lines.ts';
import { defineCommand, type Context } from '../../command.ts';

const actions = ['spec', 'check', 'discover', 'read'] as const;

export const airbyte = defineCommand({
  name: 'airbyte',
  usage: 'airbyte <action>',
  summary: 'Be a source connector of Airbyte that reads an archive',
  description: `What Airbyte runs in the image of a source: "spec" says how it is set up, "check" whether the archive can be read, "discover" which tables it has, "read" what came to it since a state. Airbyte writes the files and reads stdout; deploy/airbyte.Dockerfile makes the image, docs/databases.md explains it.

Works offline, changes nothing in the archive, and reads no file whose bytes are not what its manifest says.`,
  positionals: {
    action: { type: 'string', demandOption: true, describe: actions.join(', ') },
  },
  options: {
    config: {
      type: 'string',
      requiresArg: true,
      describe: 'File with { "archive": "/archive/nightly" }; not for spec',
    },
    catalog: { type: 'string', requiresArg: true, describe: 'File with the configured catalog, for read' },
    state: { type: 'string', requiresArg: true, describe: 'File with the state of the last read, for read' },
  },
  examples: [
    ['airbyte discover --config config.json', 'the tables, and their columns'],
    ['airbyte read --config config.json --catalog catalog.json --state state.json', 'as Airbyte calls it'],
  ],
  notes: [exitCodeTable([0, 2, 64, 70, 73, 75])],
  run: async ({ action, ...files }, context) => {
    const { processContext } = context;
    const { configJsonSchema } = await import('../../../database/airbyte/airbyte-files.ts');
    const { line } = await import('../../../database/airbyte/airbyte-messages.ts');
    const print = (message: object): void => {
      processContext.stdout.write(line(message));
    };
    switch (actions.find((known) => known === action)) {
      case 'spec':
        print({ type: 'SPEC', spec: { connectionSpecification: configJsonSchema(), supportsIncremental: true } });
        return exitCodes.complete;
      case 'check':
        print({ type: 'CONNECTION_STATUS', connectionStatus: await connectionStatus(files, context) });
        return exitCodes.complete;
      case 'discover': {
        const { airbyteCatalog } = await import('../../../database/airbyte/emit-airbyte.ts');
        processContext.stdout.write(await airbyteCatalog(await archiveIn(files, context)));
        return exitCodes.complete;
      }
      case 'read':
        await writeLines(read(files, context), processContext).catch((error: unknown) => {
          if (error instanceof ExportError) print(errorTrace(error, processContext.clock.now()));
          throw error;
        });
        return exitCodes.complete;
      case undefined:
        throw new UsageError(`Unknown action "${action}", expected one of ${actions.join(', ')}`);
    }
  },
});

interface Files {
  readonly config?: string | undefined;
  readonly catalog?: string | undefined;
  readonly state?: string | undefined;
}

/** A failure is an answer: Airbyte shows its words. */
async function connectionStatus(files: Files, context: Context): Promise<object> {
  try {
    const { airbyteCatalog } = await import('../../../database/airbyte/emit-airbyte.ts');
    await airbyteCatalog(await archiveIn(files, context));
    return { status: 'SUCCEEDED' };
  } catch (error) {
    if (!(error instanceof ExportError)) throw error;
    const { message, hint } = error;
    return { status: 'FAILED', message: hint === undefined ? message : `${message}. ${hint}` };
  }
}

async function* read(files: Files, context: Context): AsyncGenerator<EmittedLines> {
  const { emitAirbyte } = await import('../../../database/airbyte/emit-airbyte.ts');
  const { parseAirbyteCatalog, parseAirbyteState } = await import('../../../database/airbyte/airbyte-files.ts');
  const archive = await archiveIn(files, context);
  const streams = await parsed('catalog', files.catalog, context, parseAirbyteCatalog);
  const state = files.state === undefined ? undefined : await parsed('state', files.state, context, parseAirbyteState);
  yield* emitAirbyte(archive, { streams, clock: context.processContext.clock, ...omitUndefined({ state }) });
}

async function archiveIn({ config }: Files, context: Context): Promise<string> {
  const { parseAirbyteConfig } = await import('../../../database/airbyte/airbyte-files.ts');
  const { archive } = await parsed('config', config, context, parseAirbyteConfig);
  return resolve(context.processContext.cwd, archive);
}

async function parsed<T>(
  option: string,
  path: string | undefined,
  { processContext: { cwd } }: Context,
  parse: (bytes: Uint8Array, path: string) => T,
): Promise<T> {
  if (path === undefined)
    throw new UsageError(`Missing --${option}`, { hint: 'See "rocketchat-export airbyte --help"' });
  const { nodeDisk } = await import('../../../system/disk.ts');
  const bytes = await nodeDisk.readFile(resolve(cwd, path));
  if (bytes !== undefined) return parse(bytes, path);
  throw new UsageError(`Cannot read --${option} "${path}": there is no such file`, { hint: 'Check the path' });
}

/** What Airbyte shows of a read that failed. A state of another archive, or one that was purged, is for somebody to solve. */
function errorTrace({ message, hint, exitCode }: ExportError, nowMs: number): object {
  const isTransient = exitCode === exitCodes.stopped || exitCode === exitCodes.output;
  const error = {
    message: hint === undefined ? message : `${message}. ${hint}`,
    failure_type: isTransient ? 'transient_error' : 'config_error',
  };
  return { type: 'TRACE', trace: { type: 'ERROR', emitted_at: nowMs, error } };
}
