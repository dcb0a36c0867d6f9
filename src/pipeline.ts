import { join } from 'node:path';
import type { RunOptions } from './environment.ts';
import { systemEnvironment } from './system-environment.ts';
import { omitUndefined } from './omit-undefined.ts';
import type { Job } from './job/job.ts';
import type { LockHolder } from './archive/lock/lock-holder.ts';
import { expectOwnFolder } from './archive/expect-own-folder.ts';
import { underLock } from './archive/lock/under-lock.ts';
import type { Manifest } from './archive/manifest/manifest.ts';
import { readPurgeRules } from './archive/manifest/purge/read-purge-rules.ts';
import { archivePaths } from './archive/paths.ts';
import { expectSigner } from './archive/publish/expect-signer.ts';
import { finishPublishing, publish } from './archive/publish/publish.ts';
import { readStoredState } from './archive/state/read-stored-state.ts';
import type { ConnectOptions, RunAnswer } from './rocketchat/connect.ts';
import { withChat } from './rocketchat/with-chat.ts';
import { beginRun } from './plan/begin-run.ts';
import { expectSameShard } from './plan/shard/expect-same-shard.ts';
import { startedEvent } from './preview/started-event.ts';
import { writeRunJournal } from './extract/run-journal.ts';
import { checkLoadable } from './load/check-loadable.ts';
import { readAgainIfDue } from './load/completion/read-again.ts';
import { loadPlanOf } from './load/load-plan.ts';
import { expectSamePseudonyms } from './job/expect-same-pseudonyms.ts';
import { jobSigner } from './job/job-signer.ts';
import { keepJournals } from './pipeline/keep-journals.ts';
import { purgeTooOld } from './pipeline/purge-too-old.ts';
import { readAndLoad } from './pipeline/read-and-load.ts';
import { withoutKnownHoles } from './record/state/known-holes.ts';
import { requestsMade } from './pipeline/requests-made.ts';
import { saveAttachments } from './pipeline/save-attachments.ts';
import { runContents } from './record/run-contents.ts';
import { withReplayed } from './pipeline/replay-earlier.ts';
import { stampRun } from './pipeline/stamp-run.ts';
import { keepJobPages } from './pipeline/keep-job-pages.ts';
import { eachInTurn } from './pipeline/each-in-turn.ts';
import { expectPushable, pushPublished } from './pipeline/push-published.ts';
import { loadPublished } from './pipeline/load-published.ts';
import { writeViews } from './views/write-views.ts';

/**
 * Runs a job once: reads what is new on the server into journals, turns the journals into files, publishes the files.
 * The two halves run side by side; only the journals connect them. Whatever cuts a run short, the next one resumes it.
 *
 * @param options `everyRoom`, a signal to end the run in order, callbacks that report how it proceeds, and what replaces
 *   the real clock, disk, process…
 * @returns the manifest of the run, once it is published. A room that cannot be read is no error: `gaps` names it
 * @throws ExportError, and then nothing is published and nothing that was read is lost: JobError when the job does not
 *   load or fit the workspace, AccessError for a bad login, UnreachableError when no Rocket.Chat responds, StoppedError
 *   when another process writes to the archive or the server fails for too long, OutputError when the disk refuses,
 *   the archive is damaged or its folder holds or lies in something else; StoppedError also when all is published but transcript or report could not be made, the database could not be loaded or the archive not be pushed, or what is too old could not be purged; for an aborted signal its reason when that is an ExportError, else StoppedError
 */
export async function runJob(job: Job, options: RunOptions = {}): Promise<Manifest> {
  const environment = { ...systemEnvironment(), ...omitUndefined(options) };
  const { clock, random, operator, loadThreads, proxyFor, workers, onEvent = () => undefined } = environment;
  const archive = job.output;
  const isoNow = (): string => new Date(clock.now()).toISOString();

  const signer = jobSigner(job);
  await expectOwnFolder(environment.disk, archive);
  await checkLoadable(environment.disk, job);
  await expectPushable(job, environment);
  const onWatch = (holder: LockHolder | null): void => onEvent({ kind: 'watching-lock', holder });
  return underLock(archive, { ...environment, onWatch }, async ({ disk, lost }) => {
    const onViewFailure = (view: string, error: unknown): void => onEvent({ kind: 'view-failed', view, error });
    // The run before was cut behind its commit: should this one fail, its views must not stay older than the archive.
    if (await finishPublishing(disk, archive)) await writeViews(disk, archive, onViewFailure);
    await expectSigner(disk, archive, signer, 'job');
    const because = await readAgainIfDue(disk, job, isoNow(), signer);
    if (because !== null) onEvent({ kind: 'reading-again', because });
    const state = await readStoredState(disk, archive);
    expectSameShard(job, state);
    const purges = await readPurgeRules(disk, archive, state);
    expectSamePseudonyms(job, purges);
    const longestPage = { rows: state.longestPage };
    const cut = new AbortController();
    const signal = AbortSignal.any([cut.signal, lost, ...(environment.signal ? [environment.signal] : [])]);
    const answers: RunAnswer[] = [];
    const connection: ConnectOptions = {
      ...job.server,
      concurrency: job.concurrency,
      clock,
      random,
      signal,
      ...omitUndefined({ onWait: options.onWait, proxyFor, maxWaitMs: job.maxWaitMs }),
      ...omitUndefined({ requestTimeoutMs: environment.requestTimeoutMs, newBudget: workers?.newBudget }),
      onAnswer: (answer) => answers.push(answer),
    };
    /** Whether this run alone has written to the folder of work, and nothing that a later one could resume. */
    let isTrifle = false;
    return withChat(connection, async (chat) => {
      const begun = { isEveryRoom: options.everyRoom === true, operator };
      const { runPlan, resumed } = await beginRun(disk, job, state, chat, isoNow(), begun);
      isTrifle = !resumed;
      if (job.raw === 'keep') await writeRunJournal(disk, job, answers);
      onEvent(startedEvent({ job, state, chat, runPlan, resumed, longestPage }));

      // Workers go on with its plan, also when it is cut before they have read a page.
      if (workers !== undefined) isTrifle = false;
      const asked = { disk, archive, runPlan, longestPage, signal, onEvent };
      const filled = await workers?.fillJournals(asked);

      const loadPlan = await withReplayed(disk, job, loadPlanOf(job, runPlan, state, purges), { signal, onEvent });
      const [met, rows] = await readAndLoad({
        chat,
        disk,
        loadPlan,
        loadThreads,
        longestPage,
        concurrency: job.concurrency,
        cut,
        signal,
        onEvent: filled?.onEvent ?? onEvent,
        knownUsers: state.users ?? {},
        areJournalsKept: job.raw === 'keep',
        nowMs: () => clock.now(),
        onProgress: ({ sizeBytes }) => void (isTrifle = isTrifle && sizeBytes === 0),
      });
      const outcomes = withoutKnownHoles(met, state);
      isTrifle = false;
      const saving = { disk, job, chat, loadPlan, clock, random, signal, onEvent };
      const { loaded, files } = await saveAttachments({ ...saving, loaded: rows });

      onEvent({ kind: 'publishing' });
      const shortcomings = disk.shortcomings(archive);
      const facts = { job, state, shortcomings, runPlan, outcomes, loaded, longestPage, finishedAt: isoNow() };
      const requests = requestsMade(chat, filled?.requests);
      const contents = runContents({ ...facts, requests, ...omitUndefined({ files }) });
      const keepRaw = await keepJournals(disk, job, loadPlan, outcomes);
      const signing = omitUndefined({ signer });
      const manifest = await publish(disk, archive, contents, { keepRaw, ...signing });
      await purgeTooOld(job, { disk, clock, random, signal, ...signing }, onEvent);
      await stampRun(disk, job, environment, onEvent);
      await writeViews(disk, archive, onViewFailure);
      await keepJobPages(disk, job, signal, onEvent);
      await eachInTurn([
        () => pushPublished(job, { ...environment, disk, signal }, onEvent),
        () => loadPublished(job, { ...environment, disk, signal }, onEvent),
      ]);
      return manifest;
    }).catch(async (error: unknown) => {
      if (isTrifle) await disk.remove(join(archive, archivePaths.work)).catch(() => undefined);
      throw error;
    });
  });
}
