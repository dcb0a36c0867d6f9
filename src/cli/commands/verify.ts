import { resolve } from 'node:path';
import type { GivenEvidence } from '../../archive/verify/outside-evidence.ts';
import type { VerifyReport } from '../../archive/verify/verify-report.ts';
import { exitCodes, UsageError } from '../../errors.ts';
import { isStorageAddress } from '../../model/run/storage-target.ts';
import { count, counted } from '../../model/text/counted.ts';
import { size } from '../report/amounts.ts';
import { exitCodeTable } from '../report/exit-code-table.ts';
import { textTable } from '../report/text/text-table.ts';
import { readKeyFile } from '../evidence/sign-key.ts';
import { omitUndefined } from '../../omit-undefined.ts';
import { verifyPlace } from '../evidence/verify-place.ts';
import { evidenceLines } from '../evidence/evidence-lines.ts';
import { compared, serverOptions } from '../evidence/compared.ts';
import { comparisonReport } from '../evidence/comparison-report.ts';
import { defineCommand, type Context } from '../command.ts';

export const verify = defineCommand({
  name: 'verify',
  usage: 'verify <archive..>',
  summary: 'Compare an archive with its manifests: every byte, every row count, the chain',
  description: `Reads every file of an archive and compares it with what the manifests say: size, SHA-256, rows; that each manifest names the one before it; that nothing is missing and nothing else lies among the tables. _view, whose files are made from the archive, is left out. Works offline, unless --server is given, and changes nothing.

Whoever can change every file can write another chain. So sign it ("sign" in the job), keep the public key elsewhere and give it here; or keep the SHA-256 of a manifest elsewhere, which each run prints. Only such a hash shows that the last runs were taken away. Or compare it with the server itself: --server reads a random sample of the messages, and the ten newest of each room, by the job's login. docs/evidence.md shows the same with sha256sum, openssl and ssh-keygen.

Several archives are verified one after the other, and compared: whether they are of one workspace, and which of its shards are missing.`,
  positionals: {
    archive: {
      type: 'string',
      array: true,
      demandOption: true,
      describe:
        'The folder that a job names as its output, or the s3://bucket/prefix that it was pushed to; or several folders',
    },
  },
  options: {
    'public-key': {
      type: 'string',
      requiresArg: true,
      describe: 'PEM file of the key that the archive must be signed with, from elsewhere than the archive',
    },
    expect: {
      type: 'string',
      requiresArg: true,
      describe: 'SHA-256 of a manifest, from elsewhere: one of the chain must have it, and how many came after is said',
    },
    ...serverOptions,
    json: {
      type: 'boolean',
      describe:
        'Print the report to stdout as JSON: runs, files, bytes, rows by table and by format, differences, newest manifest, signatures, folders not checked, notes; with --server also what the server says',
    },
  },
  examples: [
    ['verify output/nightly --public-key archive.key.pub.pem', 'also whose it is'],
    ['verify s3://archives/nightly', 'what was pushed: every byte is read'],
    ['verify output/nightly', 'a table of what differs, if anything does'],
    ['verify output/nightly --server jobs/nightly-archive.yaml', 'also what the server still says'],
    ['verify output/shard-*', 'the shards of a workspace, and whether one is missing'],
    ['verify output/nightly --json | jq .differences', 'the same for a script'],
  ],
  notes: [
    exitCodeTable([0, 1, 2, 64, 69, 70, 73, 75, 77, 78, 130, 143]),
    'Messages that were edited or deleted since are no difference. Exit code 1, with --server only: everything that could be compared is right, and some room could not be read.',
  ],
  run: async ({ archive: archives, publicKey, expect, server, sample, seed, json }, context) => {
    const { processContext, quiet } = context;
    const pem = publicKey === undefined ? undefined : await readKeyFile('--public-key', publicKey, context);
    const given = omitUndefined({ publicKey: pem, expect });
    const [only = '', ...others] = archives;
    if (archives.some(isStorageAddress) && (others.length > 0 || server !== undefined)) {
      throw new UsageError('Cannot compare what is in an object store with a server or with other archives', {
        hint: 'Verify it by itself, or `pull` it and compare that',
      });
    }
    if (others.length > 0) {
      const option = expect === undefined ? 'server' : 'expect';
      if ((server ?? expect) !== undefined) {
        throw new UsageError(`Cannot use --${option} with several archives: it is about one`, {
          hint: 'Verify each of them by itself',
        });
      }
      return verifyAll(archives, { given, isJson: json === true }, context);
    }
    const report = await verifyOne(only, given, context);
    const { differences } = report;
    // An archive that is damaged says nothing that could be compared.
    const found = differences.length > 0 ? undefined : await compared(only, { server, sample, seed }, context);
    const whole = found === undefined ? report : { ...report, server: found };
    if (json === true) processContext.stdout.write(`${JSON.stringify(whole, null, 2)}\n`);
    else if (!quiet) {
      processContext.stdout.write(reportText(only, report, processContext.stdout.columns));
      if (found !== undefined) context.print(comparisonReport(found, processContext.stdout.columns));
    }
    const all = differences.length + (found?.differs.length ?? 0);
    if (all > 0) {
      context.log.warn(`${only}: ${counted(all, 'difference')}`, { archive: only, differences: all });
      return exitCodes.difference;
    }
    return found !== undefined && found.uncomparedRooms.length > 0 ? exitCodes.gaps : exitCodes.complete;
  },
});

async function verifyOne(archive: string, given: GivenEvidence, context: Context): Promise<VerifyReport> {
  context.log.status(() => `verifying ${archive}`);
  const report = await verifyPlace(archive, given, context);
  context.log.status(null);
  return report;
}

/**
 * @returns the exit code: of a difference when any archive has one. What they lack together is a note.
 * @throws UsageError of one that is no archive, or has no run yet, when all others are looked at and none differs
 */
async function verifyAll(
  archives: readonly string[],
  { given, isJson }: { readonly given: GivenEvidence; readonly isJson: boolean },
  context: Context,
): Promise<number> {
  const { processContext, log, quiet } = context;
  const { readUnion } = await import('../../archive/union/read-union.ts');
  const { nodeDisk } = await import('../../system/disk.ts');
  const { outsideEvidence } = await import('../../archive/verify/outside-evidence.ts');
  // A key that is none is no archive's fault: it is said once.
  outsideEvidence(given);
  const reports: (VerifyReport & { readonly archive: string })[] = [];
  const refused: UsageError[] = [];
  for (const archive of archives) {
    let report;
    try {
      report = await verifyOne(archive, given, context);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      refused.push(error);
      continue;
    }
    reports.push({ archive, ...report });
    if (isJson || quiet) continue;
    processContext.stdout.write(`${reportText(archive, report, processContext.stdout.columns)}\n`);
  }
  const differing = reports.filter(({ differences }) => differences.length > 0);
  for (const { archive, differences } of differing) {
    log.warn(`${archive}: ${counted(differences.length, 'difference')}`, { archive, differences: differences.length });
  }
  // An archive that is damaged, or has no run, does not say what it is.
  const notes =
    differing.length > 0 || refused.length > 0
      ? []
      : (
          await readUnion(
            nodeDisk,
            archives.map((archive) => resolve(processContext.cwd, archive)),
          )
        ).notes;
  if (isJson && reports.length > 0) {
    processContext.stdout.write(`${JSON.stringify({ archives: reports, notes }, null, 2)}\n`);
  }
  for (const note of notes) log.warn(note);
  // The exit code of a difference tells more.
  const last = differing.length === 0 ? refused.pop() : undefined;
  for (const { message } of refused) log.warn(message);
  if (last !== undefined) throw last;
  return differing.length > 0 ? exitCodes.difference : exitCodes.complete;
}

function reportText(archive: string, report: VerifyReport, width: number | null): string {
  const { runs, files, bytes, formats, differences, skipped, notes } = report;
  const looked = `${counted(runs, 'run')}, ${counted(files, 'file')}, ${size(bytes)}`;
  const verdict = differences.length === 0 ? 'all as the manifests say' : counted(differences.length, 'difference');
  return [
    `${archive}: ${looked}: ${verdict}\n`,
    '\n',
    ...(Object.keys(formats).length === 0 ? [] : [rowsTable(formats)]),
    ...(differences.length === 0 ? [] : ['These rows are what the manifests say, also of files that differ.\n']),
    ...(differences.length === 0 ? [] : ['\n', differenceTable(differences, width)]),
    '\n',
    ...evidenceLines(report),
    ...skipped.map((name) => `not checked: ${name}, which is made from the archive\n`),
    ...notes.map((note) => `note: ${note}\n`),
  ].join('');
}

/** A line per table, a column per format: `-` where the archive has none of it. */
function rowsTable(formats: VerifyReport['formats']): string {
  const names = [...new Set(Object.values(formats).flatMap((rows) => Object.keys(rows)))].sort();
  return textTable(
    [{ title: 'table' }, ...names.map((name) => ({ title: `rows as ${name}`, align: 'right' as const }))],
    Object.entries(formats).map(([table, rows]) => {
      const found = new Map(Object.entries(rows));
      return [table, ...names.map((name) => (found.has(name) ? count(found.get(name) ?? 0) : '-'))];
    }),
  );
}

function differenceTable(differences: VerifyReport['differences'], width: number | null): string {
  return textTable(
    [
      { title: 'difference' },
      { title: 'file' },
      { title: 'expected', aside: 'labelled' },
      { title: 'found', aside: 'labelled' },
    ],
    differences.map(({ problem, path, expected, actual }) => [problem, path, expected, actual]),
    width,
  );
}
