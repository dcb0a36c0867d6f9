import { resolve } from 'node:path';
import type { Compaction } from '../../compaction/compact-archive.ts';
import { exitCodes, UsageError } from '../../errors.ts';
import { omitUndefined } from '../../omit-undefined.ts';
import { viewFailure } from '../log/view-failure.ts';
import { count } from '../../model/text/counted.ts';
import { exitCodeTable } from '../report/exit-code-table.ts';
import { signerOf, signKeyOption } from '../evidence/sign-key.ts';
import { defineCommand } from '../command.ts';

const mostRowsPerFile = 100_000_000;

export const compact = defineCommand({
  name: 'compact',
  usage: 'compact <archive>',
  summary: 'Rewrite the many small files of an archive as few large ones',
  description: `Every run adds files; after a year of nights there are thousands. This writes the same rows in the same order into as few files as possible: each format by itself, partition by partition, with the columns, compression and dialect of the files. Files that are full are left as they are.

A compaction is a link of the archive's chain, as a run is, and as much all or nothing: the new files are written, read back and compared before they are published, and only then the old ones are removed. If it is killed at any moment, the next run or compaction finishes it, or starts from the archive as it was. Kept raw pages are not changed.`,
  positionals: {
    archive: { type: 'string', demandOption: true, describe: 'The folder that a job names as its output' },
  },
  options: {
    latest: {
      type: 'boolean',
      describe:
        'Keep only the current rows: the newest version of each message that is not deleted, with its elements in the other tables, and the newest row of each room. All other rows are gone for good',
    },
    'rows-per-file': {
      type: 'string',
      requiresArg: true,
      describe: 'Rows after which a table continues in another file; default: 1,000,000, as for jobs',
    },
    ...signKeyOption,
    json: { type: 'boolean', describe: 'Print the manifest of the compaction to stdout, as one JSON line' },
  },
  examples: [
    ['compact output/nightly', 'after some months of nightly runs'],
    ['compact output/nightly --latest', 'the same, without past versions and deleted messages'],
  ],
  notes: [
    'While files are swapped, a reader may for a moment see both the new and the old ones: do not read the archive then, or open only the files that _manifest/SHA256SUMS lists.',
    exitCodeTable([0, 2, 64, 70, 73, 75, 130, 143]),
  ],
  run: async ({ archive, latest, rowsPerFile, signKey, json }, context) => {
    const { processContext, log, quiet } = context;
    const signer = await signerOf(signKey, context);
    const { compactArchive } = await import('../../compaction/compact-archive.ts');
    log.status(() => `compacting ${archive}`);
    const startedMs = processContext.clock.now();
    const compaction = await compactArchive(resolve(processContext.cwd, archive), {
      keeps: latest === true ? 'latest' : 'all',
      ...omitUndefined({ rowsPerFile: rowsPerFileOf(rowsPerFile), signer }),
      clock: processContext.clock,
      process: processContext.process,
      isAlive: processContext.isAlive,
      signal: processContext.interruption(),
      onViewFailure: (view, error) => log.warn(viewFailure(archive, view, error), { archive, view }),
      onProgress: ({ filesRead, filesToRead, file }) => {
        log.status(() => `compacting ${archive}: ${count(filesRead)} of ${count(filesToRead)} files | ${file}`);
      },
    });
    log.status(null);
    if (json === true) {
      processContext.stdout.write(await compactionLine(compaction));
    } else if (!quiet) {
      const { compactionReport } = await import('../report/compaction-report.ts');
      processContext.stdout.write(compactionReport(archive, compaction, processContext.clock.now() - startedMs));
    }
    return exitCodes.complete;
  },
});

async function compactionLine(compaction: Compaction): Promise<string> {
  if (compaction.kind === 'nothing-to-do') return `${JSON.stringify(compaction)}\n`;
  const { manifestLine } = await import('../report/manifest-line.ts');
  return manifestLine(compaction.manifest);
}

function rowsPerFileOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const rows = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
  if (rows >= 1 && rows <= mostRowsPerFile) return rows;
  throw new UsageError(
    `Cannot use --rows-per-file "${text}", expected a whole number from 1 to ${count(mostRowsPerFile)}`,
    { hint: 'See rocketchat-export compact --help' },
  );
}
