import { resolve } from 'node:path';
import type { WriterEnvironment } from '../../archive/lock/under-lock.ts';
import { abortError, StoppedError } from '../../errors.ts';
import { omitUndefined } from '../../omit-undefined.ts';
import { readArchiveHistory } from '../../snapshot/archive-history.ts';
import { schemaTables } from '../../schemas/schema-formats.ts';
import { TableReader } from '../../snapshot/table-reader.ts';
import { systemSurroundings } from '../../system/system-surroundings.ts';
import { databaseTarget, resolvedTarget, type DatabaseTarget } from '../../model/run/database-target.ts';
import { IndexLimitError, type Engine } from '../engine.ts';
import { withEngine } from '../with-engine.ts';
import { archiveLinks, nextLoadStep, type ArchiveLink } from './archive-links.ts';
import { expectVersions } from './expect-versions.ts';
import { archivePlace, type ArchivePlace } from './archive-place.ts';
import { loadStep, type LoadTransaction, type StepCounts } from './load-step.ts';
import { loadedRuns } from './loaded-runs.ts';

/** What a caller asks of a load, and what replaces parts of the environment. */
export interface LoadArchiveOptions extends Partial<WriterEnvironment> {
  /** Aborting it ends the load; what was committed stays. */
  readonly signal?: AbortSignal;
  /** Whether the database is to hold other archives of the workspace beside it: see archivePlace. Default: as it is a shard. */
  readonly isJoined?: boolean;
  /** Called with the link that is loaded and the rows of its transaction so far. */
  readonly onProgress?: (run: number, rows: number) => void;
}

/** What a load did. */
export interface LoadedArchive {
  /** Links of the archive that were not in the database yet. */
  readonly links: number;
  readonly rows: number;
  /** Values with U+0000, which the database cannot hold: there it is U+FFFD. */
  readonly replaced: number;
  /** Number of the newest link, which the database holds now. */
  readonly newest: number;
}

/**
 * Brings a database to what an archive holds: for each link of the chain that it does not hold yet one transaction, with all
 * of its rows and a row of `_runs` that names the hash of its manifest. Killed at any moment, the database holds whole links.
 *
 * @param folder that a job names as its output
 * @param to `postgres://user@host/database`, `sqlite:FILE` or `duckdb:FILE`, or what a job holds of it
 * @throws UsageError for another address, when there is no archive, the driver is not installed, the database holds tables of others, or
 *   the job dropped columns that say which rows are current;
 *   DifferenceError when it holds another archive, or a file is not what its manifest says; UnreachableError and AccessError
 *   for a server that does not respond or refuses; StoppedError when the connection is lost or somebody else writes
 */
export async function loadArchive(
  folder: string,
  to: string | DatabaseTarget,
  options: LoadArchiveOptions = {},
): Promise<LoadedArchive> {
  const target = typeof to === 'string' ? resolvedTarget(databaseTarget(to), '') : to;
  const { signal = new AbortController().signal, isJoined = false, onProgress = () => undefined, ...rest } = options;
  const surroundings = { ...systemSurroundings(), ...omitUndefined(rest) };
  const { disk, clock } = surroundings;
  const archive = resolve(folder);
  const history = await readArchiveHistory(disk, archive);
  for (const { name } of schemaTables({ md: true })) expectVersions(history, archive, name);
  const { links, identity } = await archiveLinks(disk, archive, history);
  const reader = new TableReader(disk, archive, history);
  return withEngine(target, surroundings, async (engine) => {
    const total = { links: 0, rows: 0, replaced: 0, newest: history.newest };
    let hasLongIds = false;
    for (;;) {
      let rows = 0;
      const context = (run: number, place: ArchivePlace | undefined): LoadTransaction => ({
        engine,
        ...omitUndefined({ place }),
        history,
        reader,
        signal,
        hasLongIds,
        nowMs: () => clock.now(),
        onRows: (more) => onProgress(run, (rows += more)),
      });
      const done = await transaction(engine, signal, async () => {
        const place = await archivePlace(engine, archive, identity, isJoined);
        return loadNext(engine, archive, links, place, (run) => context(run, place));
      }).catch((error: unknown) => {
        if (hasLongIds || !(error instanceof IndexLimitError)) throw error;
        return 'long ids' as const;
      });
      hasLongIds = done === 'long ids';
      if (done === 'long ids') continue;
      if (done === undefined) return total;
      total.links += done.links;
      total.rows += done.rows;
      total.replaced += done.replaced;
    }
  });
}

async function loadNext(
  engine: Engine,
  archive: string,
  links: readonly ArchiveLink[],
  place: ArchivePlace | undefined,
  context: (run: number) => LoadTransaction,
): Promise<(StepCounts & { readonly links: number }) | undefined> {
  const loaded = await loadedRuns(engine, archive, links, place);
  const step = nextLoadStep(links, loaded);
  if (step === undefined) return undefined;
  const counts = await loadStep(context(step.links.at(-1)?.run ?? 0), step, loaded);
  return { ...counts, links: step.links.length };
}

/** @throws what the work throws, when nothing of it was kept; for an aborted signal its reason */
async function transaction<T>(engine: Engine, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  if (isAborted(signal)) throw interrupted(signal);
  await engine.execute(engine.begin);
  try {
    if (engine.lock !== undefined) await engine.execute(engine.lock);
    const result = await work();
    await engine.execute('COMMIT');
    return result;
  } catch (error) {
    // A connection that is lost has no transaction any more.
    await engine.execute('ROLLBACK').catch(() => undefined);
    throw isAborted(signal) ? interrupted(signal) : error;
  }
}

/** Asked anew each time: it may have been aborted since. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}

function interrupted(signal: AbortSignal): Error {
  const error = abortError(signal);
  return error instanceof StoppedError
    ? new StoppedError('Loading was stopped: what was committed stays', { hint: 'Run the same command again' })
    : error;
}
