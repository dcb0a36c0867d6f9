import { join } from 'node:path';
import type { LockHolder } from './archive/lock/lock-holder.ts';
import type { Manifest } from './archive/manifest/manifest.ts';
import { archivePaths } from './archive/paths.ts';
import { finishPublishing, publish } from './archive/publish/publish.ts';
import { readStoredState } from './archive/state/read-stored-state.ts';
import { underLock } from './archive/lock/under-lock.ts';
import type { LongestPage } from './model/list/longest-page.ts';
import { defaultRowsPerFile, type Job } from './job/job.ts';
import { connect, type RunAnswer } from './rocketchat/connect.ts';
import { beginRun } from './plan/begin-run.ts';
import { leftOut } from './plan/rooms/left-out.ts';
import { joinHalves } from './join-halves.ts';
import { checkLoadable } from './load/check-loadable.ts';
import { omitUndefined } from './omit-undefined.ts';
import type { RunOptions } from './environment.ts';
import { extractRun } from './extract/extract-run.ts';
import { clearParts } from './load/load-run.ts';
import type { LoadPlan } from './load/load-plan.ts';
import { openPartsPerFormat } from './load/files/open-parts.ts';
import { plannedRequests } from './preview/forecast-run.ts';
import { runContents } from './record/run-contents.ts';
import { withoutKnownHoles } from './record/known-holes.ts';
import { journalsToKeep } from './record/journals-to-keep.ts';
import { writeRunJournal } from './extract/run-journal.ts';
import { loadHere, loadInThreads } from './load/start-loading.ts';
import { systemEnvironment } from './system-environment.ts';
import { schemaVersion } from './tables/tables.ts';
import { tool } from './version.ts';

/**
 * Runs a job once: reads what is new on the server into journals, turns the journals into files, publishes the files.
 * The two halves run side by side; only the journals connect them. Whatever cuts a run short, the next one resumes it.
 *
 * @param options `everyRoom`, a signal to end the run in order, callbacks that report how it proceeds, and what replaces
 *   the real clock, disk, process…
 * @returns the manifest of the run, once it is published. A room that cannot be read is no error: `gaps` names it
 * @throws ExportError, and then nothing is published and nothing that was read is lost: JobError when the job does not
 *   load or fit the workspace, AccessError for a bad login, UnreachableError when no Rocket.Chat responds, StoppedError
 *   when another process writes to the archive or the server fails for too long, OutputError when the disk refuses or
 *   the archive is damaged; for an aborted signal its reason when that is an ExportError, else StoppedError
 */
export async function runJob(job: Job, options: RunOptions = {}): Promise<Manifest> {
  const environment = { ...systemEnvironment(), ...omitUndefined(options) };
  const { clock, random, onWait, onEvent = () => undefined } = environment;
  const archive = job.output;
  const isoNow = (): string => new Date(clock.now()).toISOString();

  await checkLoadable(environment.disk, job);
  const onWatch = (holder: LockHolder | null): void => onEvent({ kind: 'watching-lock', holder });
  return underLock(archive, { ...environment, onWatch }, async ({ disk, lost }) => {
    await finishPublishing(disk, archive);
    const state = await readStoredState(disk, archive);
    const longestPage: LongestPage = { rows: state.longestPage };

    const cut = new AbortController();
    const signal = AbortSignal.any([cut.signal, lost, ...(environment.signal ? [environment.signal] : [])]);
    const answers: RunAnswer[] = [];
    /** Whether this run alone has written to the folder of work, and nothing that a later one could resume. */
    let isTrifle = false;
    const chat = await connect({
      ...job.server,
      concurrency: job.concurrency,
      clock,
      random,
      signal,
      onAnswer: (answer) => answers.push(answer),
      ...(onWait && { onWait }),
      ...(environment.proxyFor && { proxyFor: environment.proxyFor }),
      ...(environment.requestTimeoutMs !== undefined && { requestTimeoutMs: environment.requestTimeoutMs }),
      ...(job.maxWaitMs !== undefined && { maxWaitMs: job.maxWaitMs }),
    });
    try {
      const { runPlan, resumed } = await beginRun(disk, job, state, chat, isoNow(), environment.everyRoom === true);
      isTrifle = !resumed;
      if (job.raw === 'keep') await writeRunJournal(disk, job, answers);
      const { run, streams, changes } = runPlan;
      const planned = resumed ? {} : { planned: plannedRequests(runPlan, longestPage, state, chat) };
      const seen = { server: chat.url, user: chat.user.username, streams: streams.length + changes.length };
      onEvent({ kind: 'started', run, resumed, ...seen, leftOut: leftOut(job.extract, runPlan), ...planned });

      await clearParts(disk, archive);
      const plan: LoadPlan = {
        archive,
        runPlan,
        transform: job.transform,
        sinks: job.sinks,
        partition: job.partition ?? 'none',
        rowsPerFile: job.rowsPerFile ?? defaultRowsPerFile,
        openParts: openPartsPerFormat(job.sinks.length),
        metadata: {
          schemaVersion: String(schemaVersion),
          tool: `${tool.name} ${tool.version}`,
          job: job.name,
          run: String(run),
        },
      };
      const loading = environment.loadThreads > 0 ? loadInThreads(plan, environment.loadThreads) : loadHere(disk, plan);
      loading.result.catch((error: unknown) => cut.abort(error));
      const read = extractRun({
        ...{ chat, disk, archive, runPlan, longestPage, concurrency: job.concurrency, nowMs: () => clock.now(), cut },
        onProgress: (journal, progress) => {
          if (progress.sizeBytes > 0) isTrifle = false;
          loading.update(journal, progress);
        },
        onEvent,
      });
      const [met, loaded] = await joinHalves(read, loading, signal);
      const outcomes = withoutKnownHoles(met, state);

      isTrifle = false;
      onEvent({ kind: 'publishing' });
      const shortcomings = disk.shortcomings(archive);
      const facts = { job, state, shortcomings, runPlan, chat, outcomes, loaded, longestPage, finishedAt: isoNow() };
      return await publish(disk, archive, runContents(facts), {
        keepRaw: job.raw === 'keep' || journalsToKeep(outcomes),
      });
    } catch (error) {
      if (isTrifle) await disk.remove(join(archive, archivePaths.work)).catch(() => undefined);
      throw error;
    } finally {
      await chat.close();
    }
  });
}
