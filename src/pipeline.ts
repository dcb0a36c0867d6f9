import { join } from 'node:path';
import type { RunOptions } from './environment.ts';
import { systemEnvironment } from './system-environment.ts';
import { omitUndefined } from './omit-undefined.ts';
import type { Job } from './job/job.ts';
import type { LockHolder } from './archive/lock/lock-holder.ts';
import { expectOwnFolder } from './archive/expect-own-folder.ts';
import { underLock } from './archive/lock/under-lock.ts';
import type { Manifest } from './archive/manifest/manifest.ts';
import { archivePaths } from './archive/paths.ts';
import type { RunAnswer } from './rocketchat/connect.ts';
import { withChat } from './rocketchat/with-chat.ts';
import { beginRun } from './plan/begin-run.ts';
import { startedEvent } from './preview/started-event.ts';
import { writeRunJournal } from './extract/run-journal.ts';
import { checkLoadable } from './load/check-loadable.ts';
import { loadPlanOf } from './load/load-plan.ts';
import { jobSigner } from './job/job-signer.ts';
import { connectionOf } from './pipeline/connection-of.ts';
import { openArchive } from './pipeline/open-archive.ts';
import { eachInTurn } from './pipeline/each-in-turn.ts';
import { loadPublished } from './pipeline/load-published.ts';
import { holdsOfRun } from './pipeline/holds-of-run.ts';
import { publishRun } from './pipeline/publish-run.ts';
import { expectPushable, pushPublished } from './pipeline/push-published.ts';
import { purgeTooOld } from './pipeline/purge-too-old.ts';
import { readAndLoad } from './pipeline/read-and-load.ts';
import { withoutKnownHoles } from './record/state/known-holes.ts';
import { requestsMade } from './pipeline/requests-made.ts';
import { saveAttachments } from './pipeline/save-attachments.ts';
import { withReplayed } from './pipeline/replay/replay-earlier.ts';
import { stampRun } from './pipeline/stamp-run.ts';
import { pageSteps } from './pipeline/keep-job-pages.ts';
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
 *   the archive is damaged or its folder holds or lies in something else; for an aborted signal its reason when that is an
 *   ExportError, else StoppedError. Also when all is published and something behind it failed (what is too old could not be
 *   purged, transcript or report not be made, the archive not be pushed, or the database not be loaded): the event
 *   `published` came before
 */
export async function runJob(job: Job, options: RunOptions = {}): Promise<Manifest> {
  const environment = { ...systemEnvironment(), ...omitUndefined(options) };
  const { clock, random, operator, loadThreads, workers, onEvent = () => undefined } = environment;
  const archive = job.output;
  const isoNow = (): string => new Date(clock.now()).toISOString();

  const signer = jobSigner(job);
  await expectOwnFolder(environment.disk, archive);
  await checkLoadable(environment.disk, job);
  await expectPushable(job, environment);
  const onWatch = (holder: LockHolder | null): void => onEvent({ kind: 'watching-lock', holder });
  return underLock(archive, { ...environment, onWatch }, async ({ disk, lost }) => {
    const onViewFailure = (view: string, error: unknown): void => onEvent({ kind: 'view-failed', view, error });
    const { state, purges } = await openArchive(disk, job, { signer, now: isoNow(), onEvent, onViewFailure });
    const longestPage = { rows: state.longestPage };
    const cut = new AbortController();
    const signal = AbortSignal.any([cut.signal, lost, ...(environment.signal ? [environment.signal] : [])]);
    const answers: RunAnswer[] = [];
    const onAnswer = job.raw === 'keep' ? (answer: RunAnswer): void => void answers.push(answer) : undefined;
    /** Whether this run alone has written to the folder of work, and nothing that a later one could resume. */
    let isTrifle = false;
    return withChat(connectionOf(job, environment, signal, onAnswer), async (chat) => {
      const begun = { isEveryRoom: options.everyRoom === true, operator };
      const begunRun = await beginRun(disk, job, state, chat, isoNow(), begun);
      const { runPlan, resumed } = begunRun;
      // Workers go on with the plan, also when the run is cut before they have read a page.
      isTrifle = !resumed && workers === undefined;
      if (job.raw === 'keep') await writeRunJournal(disk, job, answers);
      onEvent(startedEvent({ ...begunRun, job, state, chat, longestPage }));
      const filled = await workers?.fillJournals({ disk, archive, runPlan, longestPage, signal, onEvent });

      const holds = await holdsOfRun(disk, job, { state, runPlan, purges }, signal);
      const planned = loadPlanOf(job, runPlan, state, purges, holds?.held);
      const loadPlan = await withReplayed(disk, job, planned, { signal, onEvent });
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
      isTrifle = false;
      const saving = { disk, job, chat, loadPlan, clock, random, signal, onEvent };
      const saved = await saveAttachments({ ...saving, loaded: rows });

      onEvent({ kind: 'publishing' });
      const outcomes = withoutKnownHoles(met, state);
      const requests = requestsMade(chat, filled?.requests);
      const facts = { job, state, runPlan, requests, outcomes, ...saved, longestPage, holds, finishedAt: isoNow() };
      const manifest = await publishRun(disk, loadPlan, signer, facts);
      onEvent({ kind: 'published', manifest });
      const after = { ...environment, disk, signal };
      await eachInTurn([
        {
          failure: 'what is too old could not be purged',
          work: () => purgeTooOld(job, { disk, clock, random, signal, ...omitUndefined({ signer }) }, onEvent),
        },
        { failure: 'could not be time-stamped', work: () => stampRun(disk, job, environment, onEvent) },
        { failure: 'its views could not be written', work: () => writeViews(disk, archive, onViewFailure) },
        ...pageSteps(disk, job, signal, onEvent),
        { failure: 'could not be pushed', work: () => pushPublished(job, after, onEvent) },
        { failure: 'could not be loaded into the database', work: () => loadPublished(job, after, onEvent) },
      ]);
      return manifest;
    }).catch(async (error: unknown) => {
      if (isTrifle) await disk.remove(join(archive, archivePaths.work)).catch(() => undefined);
      throw error;
    });
  });
}
