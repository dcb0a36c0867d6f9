import { parentPort, workerData } from 'node:worker_threads';
import { inRealFolders } from '../archive/lock/real-folders.ts';
import { asRefusal } from '../system/disk-errors.ts';
import { nodeDisk } from '../system/disk.ts';
import { ExportError } from '../errors.ts';
import { JournalFeed } from '../journal/journal-feed.ts';
import { loadRun } from './load-run.ts';
import type { FromWorker, ToWorker } from './worker-messages.ts';
import type { LoadPlan } from './load-plan.ts';

/** The load half in a thread of its own, so that parsing and encoding do not hold up the requests. */
const port = parentPort;
if (port === null) throw new Error('load-worker runs in a worker thread only');

const feed = new JournalFeed();
port.on('message', (batch: ToWorker) => {
  for (const [journal, progress] of batch) feed.update(journal, progress);
});
const answer = (message: FromWorker): void => port.postMessage(message);

try {
  // `workerData` has no type; start-loading.ts, its only writer, is held to this one, and a clone of plain data has it, too.
  // eslint-disable-next-line @typescript-eslint/consistent-type-assertions
  const plan = workerData as LoadPlan;
  answer({ kind: 'loaded', result: await loadRun(inRealFolders(nodeDisk, plan.archive), plan, feed) });
} catch (failure) {
  const error = asRefusal(failure) ?? failure;
  // Classes do not survive the way between threads: what the reader needs is sent in words.
  answer(
    error instanceof ExportError
      ? { kind: 'failed', message: error.message, hint: error.hint ?? null, reason: reasonOf(error) }
      : { kind: 'failed', message: String(error instanceof Error ? error.stack : error), hint: null, reason: 'bug' },
  );
}
port.close();

function reasonOf({ kind }: ExportError): 'output' | 'job' | 'bug' {
  return kind === 'output' || kind === 'job' ? kind : 'bug';
}
