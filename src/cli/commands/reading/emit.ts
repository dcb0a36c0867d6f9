import { resolve } from 'node:path';
import { exitCodes, UsageError } from '../../../errors.ts';
import type { EmitProtocol } from '../../../database/emit-lines.ts';
import type { EmitState } from '../../../database/emit/emit-state.ts';
import { tableNames } from '../../../model/table-name.ts';
import { omitUndefined } from '../../../omit-undefined.ts';
import { tableNamed } from '../../arguments/table-named.ts';
import { counted } from '../../../model/text/counted.ts';
import { exitCodeTable } from '../../report/exit-code-table.ts';
import { writeLines } from '../../result/write-lines.ts';
import { defineCommand, type Context } from '../../command.ts';

const protocols: readonly EmitProtocol[] = ['singer', 'airbyte'];

export const emit = defineCommand({
  name: 'emit',
  usage: 'emit <archive>',
  summary: 'Write what came to an archive since a state, as messages of Singer or Airbyte',
  description: `Writes the rows of an archive to stdout as a Singer tap does, for the targets of data warehouses: SCHEMA of each table, RECORD of each row that is new, changed or gone (with _sdc_deleted_at), and STATE after each link of the chain. A target that upserts by the keys of the schemas holds what the command latest writes. With --protocol airbyte the lines are CATALOG, RECORD and STATE of the Airbyte Protocol; the command airbyte is the whole connector.

The caller keeps the value of the last STATE that the target passes on, and hands it over the next time: this command writes no file. Cut at any point and called again with that state, nothing is missing and nothing stands twice. Works offline, changes nothing in the archive, and reads no file whose bytes are not what its manifest says.`,
  positionals: {
    archive: { type: 'string', demandOption: true, describe: 'The folder that a job names as its output' },
  },
  options: {
    protocol: {
      type: 'string',
      demandOption: true,
      requiresArg: true,
      describe: 'How the lines are written: singer or airbyte',
    },
    state: {
      type: 'string',
      requiresArg: true,
      describe:
        'File with the value of the last STATE message (of Airbyte: with the message); absent, or {} in it: everything is written',
    },
    table: {
      type: 'string',
      array: true,
      requiresArg: true,
      describe: 'Only these tables, see the command schema; default: all that the archive has',
    },
  },
  examples: [
    ['emit output/nightly --protocol singer | target-jsonl > states.jsonl', 'the first time: everything'],
    ['emit output/nightly --protocol singer --state state.json | target-jsonl > states.jsonl', 'later: what is new'],
    ['emit output/nightly --protocol airbyte --table messages | jq .record.data', 'as records of Airbyte'],
  ],
  notes: [
    'When a purge, or a compaction with --latest of runs that were not emitted yet, has removed rows, the tables concerned are written as a whole, behind ACTIVATE_VERSION: targets that know it remove the older rows. A warning names them.',
    exitCodeTable([0, 2, 64, 70, 73, 75]),
  ],
  run: async ({ archive, protocol, state, table }, context) => {
    const { log } = context;
    const chosen = protocols.find((known) => known === protocol);
    if (chosen === undefined) {
      throw new UsageError(`Unknown --protocol "${protocol}", expected ${protocols.join(' or ')}`);
    }
    const known = tableNames.map((name) => ({ name }));
    const tables = table?.map((name) => tableNamed(name, known).name);
    const { emitLines } = await import('../../../database/emit-lines.ts');
    const lines = emitLines(resolve(context.processContext.cwd, archive), chosen, {
      ...omitUndefined({ tables, state: await readState(state, chosen, context.processContext) }),
      clock: context.processContext.clock,
      onWhole: (name) =>
        log.warn(`${archive}: rows of ${name} were removed, so the table is emitted as a whole: see ACTIVATE_VERSION`, {
          archive,
          table: name,
        }),
      onClamped: (values) =>
        log.warn(
          `${archive}: ${counted(values, 'time')} before the year 1 or after 9999 became the nearest in between`,
          { archive, values },
        ),
    });
    await writeLines(lines, context.processContext);
    return exitCodes.complete;
  },
});

async function readState(
  path: string | undefined,
  protocol: EmitProtocol,
  { cwd }: Context['processContext'],
): Promise<EmitState | undefined> {
  if (path === undefined) return undefined;
  const { parseSingerState } = await import('../../../database/singer/singer-state.ts');
  const { parseAirbyteState } = await import('../../../database/airbyte/airbyte-files.ts');
  const { nodeDisk } = await import('../../../system/disk.ts');
  const bytes = await nodeDisk.readFile(resolve(cwd, path));
  if (bytes !== undefined) return (protocol === 'singer' ? parseSingerState : parseAirbyteState)(bytes, path);
  throw new UsageError(`Cannot read the state "${path}": there is no such file`, {
    hint: 'Leave --state out the first time: then everything is emitted',
  });
}
