import { join, resolve } from 'node:path';
import { expectArchive } from '../archive/expect-archive.ts';
import type { CompactionManifest, KeptRows } from '../archive/manifest/manifest.ts';
import { publishCompaction } from '../archive/publish/publish-compaction.ts';
import { expectSigner } from '../archive/publish/expect-signer.ts';
import { finishPublishing } from '../archive/publish/publish.ts';
import { readStoredState } from '../archive/stored-state/read-stored-state.ts';
import { underLock, type WriterEnvironment } from '../archive/lock/under-lock.ts';
import { readArchiveHistory, type ArchiveFile } from '../snapshot/archive-history.ts';
import { DifferenceError, InterruptedError } from '../errors.ts';
import { defaultRowsPerFile } from '../job/job.ts';
import { omitUndefined } from '../omit-undefined.ts';
import { systemSurroundings } from '../system/system-surroundings.ts';
import { writeNumbers } from '../snapshot/numbers/number-ledger.ts';
import { schemaVersion } from '../tables/tables.ts';
import type { LinkSigner } from '../signature/link-signer.ts';
import { tool } from '../version.ts';
import { makeViews } from '../views/make-views.ts';
import { writeViews } from '../views/write-views.ts';
import { addUp, type RewrittenTable } from './add-up.ts';
import { findCurrentRows } from './current-rows.ts';
import { planCompaction } from './plan-compaction.ts';
import { replacedBy } from './plan-group.ts';
import { clearWork, withClearWork } from './clear-work.ts';
import { refuseHeld, refuseOpenRun } from './quiet-archive.ts';
import { rewriteGroup } from './rewrite-group.ts';
import { isOutdated } from './upgrade-schemas.ts';

/** What a caller asks of a compaction, and what replaces parts of the environment. */
export interface CompactionOptions extends Partial<WriterEnvironment> {
  /** Every row (`all`, the default), or only the current ones: the others are gone for good then. */
  readonly keeps?: KeptRows;
  /** Rows after which a table continues in another file; default: 1,000,000, as for jobs. */
  readonly rowsPerFile?: number;
  /** Signs the compaction; a signed archive is not compacted without. */
  readonly signer?: LinkSigner;
  /** Aborting it ends the compaction; until it is committed, the archive stays as it was. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: CompactionProgress) => void;
  /** Called when the archive is as asked for, but the folder `_view/<view>` is missing or older than it. */
  readonly onViewFailure?: (view: string, error: unknown) => void;
}

/** How far a compaction has come. */
export interface CompactionProgress {
  /** The file just read. */
  readonly file: string;
  readonly filesRead: number;
  readonly filesToRead: number;
}

/** What a compaction did: rewrote files, or found as few as there can be. */
export type Compaction =
  | {
      readonly kind: 'compacted';
      readonly manifest: CompactionManifest;
      /** Data files of the archive. */
      readonly filesBefore: number;
      readonly filesAfter: number;
    }
  | {
      readonly kind: 'nothing-to-do';
      readonly files: number;
      /** What was left as it is and why. */
      readonly notes: readonly string[];
    };

type Settings = WriterEnvironment & CompactionOptions & Required<Pick<CompactionOptions, 'keeps' | 'rowsPerFile'>>;

/**
 * Rewrites the data files of an archive into as few as they can be, those of older schemas with the columns of this one:
 * every format for itself, folder by folder. It is a link of the chain of manifests like a run, and all or nothing like
 * one: killed at any moment, the next run or compaction finishes it or starts from the archive as it was.
 *
 * @param folder that a job names as its output
 * @throws UsageError when there is no archive, or only the newest versions are to stay of one whose job holds something; StoppedError when a run was cut and must be resumed first, or somebody else
 *   writes; DifferenceError for a file that is not what its manifest says; OutputError when the disk refuses. Nothing is
 *   changed then.
 */
export async function compactArchive(folder: string, options: CompactionOptions = {}): Promise<Compaction> {
  const defaults = { ...systemSurroundings(), keeps: 'all' as const, rowsPerFile: defaultRowsPerFile };
  const environment: Settings = { ...defaults, ...omitUndefined(options) };
  const archive = resolve(folder);
  const { clock } = environment;
  const isoNow = (): string => new Date(clock.now()).toISOString();
  const startedAt = isoNow();
  // Taking the lock makes the folder: a typing error must not.
  await expectArchive(environment.disk, archive, 'compact');
  return underLock(archive, environment, async ({ disk, lost }) => {
    const signal = AbortSignal.any([lost, ...(environment.signal ? [environment.signal] : [])]);
    const finished = await finishPublishing(disk, archive);
    await expectSigner(disk, archive, environment.signer, 'command');
    await refuseOpenRun(disk, archive, 'compact');
    if (environment.keeps === 'latest') await refuseHeld(disk, archive);
    const settings = { ...environment, disk, signal };
    const work = (): Promise<Compaction> => compact(archive, settings, startedAt, isoNow);
    const compaction = await withClearWork(disk, archive, work).catch((error: unknown) => {
      throw error instanceof InterruptedError ? new InterruptedError(error.signal, 'the archive is as it was') : error;
    });
    const { onViewFailure = () => undefined, keeps } = environment;
    // What publishes a purge, or only the newest versions, takes the pages away, also where it was cut and is finished here.
    const hasNoPages = finished !== undefined || (keeps === 'latest' && compaction.kind === 'compacted');
    if (hasNoPages) await makeViews(disk, archive, signal, onViewFailure);
    // Also with nothing to do: a run or a compaction that was cut behind its commit has left them missing or outdated.
    else await writeViews(disk, archive, onViewFailure);
    return compaction;
  });
}

async function compact(
  archive: string,
  { keeps, rowsPerFile, signer, disk, signal, onProgress }: Settings,
  startedAt: string,
  isoNow: () => string,
): Promise<Compaction> {
  const state = await readStoredState(disk, archive);
  const run = state.run + 1;
  const history = await readArchiveHistory(disk, archive);
  const live = history.files;
  for (const { path, sizeBytes } of live) {
    // What need not be rewritten is not read: that it is gone must show all the same.
    if ((await disk.sizeBytes(join(archive, path))) !== undefined) continue;
    throw new DifferenceError(
      `Cannot compact "${archive}": "${path}" is not there, and its manifest says ${sizeBytes} bytes`,
      { hint: 'Run `verify`: it names every file that is not what its manifest says' },
    );
  }
  const current = keeps === 'latest' ? await findCurrentRows(disk, archive, history, signal) : undefined;
  const { rewrites, notes } = await planCompaction(disk, archive, live, rowsPerFile, current, signal);

  const filesToRead = rewrites.flatMap(replacedBy).length;
  let filesRead = 0;
  const onFileRead = ({ path }: ArchiveFile): void => {
    filesRead += 1;
    onProgress?.({ file: path, filesRead, filesToRead });
  };
  const rewritten: RewrittenTable[] = [];
  for (const rewrite of rewrites) {
    const context = {
      disk,
      archive,
      run,
      rowsPerFile,
      onFileRead,
      metadata: { schemaVersion: String(schemaVersion), tool: `${tool.name} ${tool.version}`, run: String(run) },
      ...(signal !== undefined && { signal }),
    };
    const replaces = replacedBy(rewrite);
    const made = await rewriteGroup(context, rewrite);
    // Every row was current after all: nothing is won.
    const isInVain = made.dropped.size === 0 && made.files.length >= replaces.length;
    const isDue = replaces.some((file) => file.mayReplace || isOutdated(file));
    if (!isInVain || isDue) rewritten.push({ ...rewrite.group, ...made, replaces });
  }
  if (rewritten.length === 0) {
    await clearWork(disk, archive);
    return { kind: 'nothing-to-do', files: live.length, notes };
  }
  const replaces = rewritten.flatMap((group) => group.replaces);
  const files = rewritten.flatMap((group) => group.files);
  const sums = addUp(rewritten);
  const numbers = await writeNumbers(disk, archive, history, run, sums.dropped);
  const contents = {
    tool,
    schemaVersion,
    startedAt,
    finishedAt: isoNow(),
    keeps,
    files,
    replaces,
    notes: [...notes, ...disk.shortcomings(archive)],
    ...sums,
    ...omitUndefined({ numbers }),
    state,
  };
  const manifest = await publishCompaction(disk, archive, contents, signer);
  return {
    kind: 'compacted',
    manifest,
    filesBefore: live.length,
    filesAfter: live.length - replaces.length + files.length,
  };
}
