import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { archivePaths } from '../archive/paths.ts';
import type { Disk } from '../system/disk.ts';
import { JobError, OutputError } from '../errors.ts';
import { JournalFeed } from '../journal/journal-feed.ts';
import type { RunPlan } from '../plan/run-plan.ts';
import { omitUndefined } from '../omit-undefined.ts';
import { loadRun } from './load-run.ts';
import { deferLoading, type Loading } from './defer-loading.ts';
import { foundByLast } from './completion/complete-earlier.ts';
import { progressBatches } from './progress-batches.ts';
import type { FromWorker, ToWorker } from './worker-messages.ts';
import type { LoadPlan } from './load-plan.ts';
import type { LoadResult } from '../model/run/load-result.ts';

/**
 * Starts the load half anew: what an earlier attempt left in `_work/parts` may be cut, and is removed first.
 *
 * @param threads 0: in this one
 */
export async function startLoading(disk: Disk, plan: LoadPlan, threads: number): Promise<Loading> {
  await disk.remove(join(plan.archive, archivePaths.parts));
  if (threads === 0) return loadHere(disk, plan);
  return deferLoading({
    isLight: () => isLight(disk, plan),
    here: () => loadHere(disk, plan),
    inThreads: () => loadInThreads(plan, threads),
  });
}

/**
 * Whether loading reads journals only, and no tables of earlier runs: how much there is of these is not known. Plug-ins are left
 * to threads, which can be ended whatever they do.
 */
export async function isLight(disk: Disk, plan: LoadPlan): Promise<boolean> {
  const { refill, replayed, runPlan, sinks, transform } = plan;
  const readsJournalsOnly =
    refill === undefined &&
    replayed === undefined &&
    runPlan.changes.length + runPlan.rereads.length === 0 &&
    runPlan.streams.every(({ mayReplace, holes }) => !mayReplace && holes.length === 0);
  const isOurs =
    sinks.every(({ format }) => format !== 'plug-in') && (transform.steps ?? []).every(({ kind }) => kind !== 'use');
  return readsJournalsOnly && isOurs && (runPlan.run === 1 || (await foundByLast(disk, plan)) !== undefined);
}

/** Loads in this thread. */
function loadHere(disk: Disk, plan: LoadPlan): Loading {
  const feed = new JournalFeed();
  const result = loadRun(disk, plan, feed);
  const settled = result.then(
    () => undefined,
    () => undefined,
  );
  return {
    update: (journal, progress) => feed.update(journal, progress),
    allRead: () => undefined,
    stop: async () => {
      feed.stop();
      await settled;
    },
    result,
  };
}

/**
 * Loads in worker threads, the formats shared out among them. Each reads the journals for itself, so none waits for
 * another and the bytes do not depend on how many there are.
 */
function loadInThreads(plan: LoadPlan, threads: number): Loading {
  const shares = Array.from({ length: Math.min(threads, plan.sinks.length) }, (_, share) =>
    plan.sinks.filter((_sink, index) => index % threads === share),
  );
  const runPlan = neededOf(plan);
  const workers = shares.map(
    (sinks) =>
      new Worker(new URL('./load-worker.js', import.meta.url), {
        workerData: { ...plan, runPlan, sinks } satisfies LoadPlan,
      }),
  );
  const results = Promise.all(workers.map(resultOf)).then(mergeResults);
  // The extract half may fail first, and then nobody asks for the result.
  results.catch(() => undefined);
  return {
    update: progressBatches((batch) => {
      for (const worker of workers) worker.postMessage(batch satisfies ToWorker);
    }),
    allRead: () => undefined,
    stop: async () => {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
    result: results,
  };
}

/** Each thread has a copy: of what a plan says of every room of the workspace, only what makes rows. */
function neededOf({ runPlan, transform }: LoadPlan): RunPlan {
  const rooms = transform.tables.includes('rooms') ? runPlan.rooms : [];
  return { ...runPlan, rooms, unchanged: [], seen: { ...runPlan.seen, discussions: [], leftOut: [] } };
}

function resultOf(worker: Worker): Promise<LoadResult> {
  return new Promise((resolve, reject) => {
    worker.once('message', (answer: FromWorker) => {
      if (answer.kind === 'loaded') resolve(answer.result);
      else reject(failureOf(answer));
    });
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error('A load worker ended without a result')));
  });
}

function failureOf({ message, hint, reason }: FromWorker & { readonly kind: 'failed' }): Error {
  const details = hint === null ? {} : { hint };
  switch (reason) {
    case 'output':
      return new OutputError(message, details);
    case 'job':
      return new JobError(message, details);
    case 'bug':
      return new Error(message);
  }
}

/** The counts are the same in every share; only the files differ, and what earlier runs had of each format. */
function mergeResults(results: readonly LoadResult[]): LoadResult {
  const [first] = results;
  if (first === undefined) throw new Error('A job without sinks has nothing to load');
  const completions = results.map(({ completion }) => completion);
  return {
    ...first,
    files: results.flatMap(({ files }) => files),
    completion: {
      ...omitUndefined({ refilled: first.completion.refilled }),
      completed: completions.flatMap(({ completed }) => completed),
      incomplete: completions.flatMap(({ incomplete }) => incomplete),
      // Every format has the same.
      columns: first.completion.columns,
      outdated: first.completion.outdated,
      unlooked: completions.map(({ unlooked }) => unlooked).find((why) => why !== null) ?? null,
    },
  };
}
