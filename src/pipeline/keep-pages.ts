import type { Job } from '../job/job.ts';
import type { RunEvent } from '../run-event.ts';
import type { Disk } from '../system/disk.ts';

/** Brings the transcript and the report up to date, as far as a job asks for them. @throws StoppedError: all is published */
export async function keepPages(
  disk: Disk,
  { output: archive, transcript, report, timezone: zone = 'UTC' }: Job,
  signal: AbortSignal,
  onEvent: (event: RunEvent) => void,
): Promise<void> {
  // Jobs that ask for neither load nothing of them.
  if (transcript === true) {
    const { keepTranscript } = await import('../transcript/keep-transcript.ts');
    onEvent({ kind: 'writing-transcript' });
    await keepTranscript(disk, archive, { zone, signal });
  }
  if (report === true) {
    const { keepReport } = await import('../report/keep-report.ts');
    onEvent({ kind: 'writing-report' });
    await keepReport(disk, archive, { zone, signal, hasTranscript: transcript === true });
  }
}
