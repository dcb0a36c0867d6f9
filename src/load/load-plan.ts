import { jobFingerprint } from '../job/fingerprint.ts';
import { defaultRowsPerFile, type Job, type Partition, type TransformOptions } from '../job/job.ts';
import type { SinkEntry } from '../model/sink-options.ts';
import type { PeopleState } from '../model/people/people-state.ts';
import type { State } from '../archive/state/state.ts';
import type { Held, PurgeRule } from '../model/run/purge-rule.ts';
import { omitUndefined } from '../omit-undefined.ts';
import type { RunPlan } from '../plan/run-plan.ts';
import { schemaVersion } from '../tables/tables.ts';
import type { AttachmentOptions } from '../model/files/attachment-options.ts';
import { tool } from '../version.ts';
import { openPartsPerFormat } from '../parts/open-parts.ts';

/** All that the load half needs to know: plain data, so that it can be handed to a worker thread. */
export interface LoadPlan {
  readonly archive: string;
  readonly runPlan: RunPlan;
  readonly transform: TransformOptions;
  readonly sinks: readonly SinkEntry[];
  readonly partition: Partition;
  readonly rowsPerFile: number;
  /** See OpenParts; of each format. */
  readonly openParts: number;
  /** See jobFingerprint. */
  readonly jobSha256: string;
  /** Whether the run saves the files of messages. */
  readonly savesFiles: boolean;
  /** Which of them. Absent: none; or a run is loaded once more, and what earlier ones lack is no matter. */
  readonly attachments?: AttachmentOptions;
  /** What earlier runs wrote of users and of members of rooms. */
  readonly known: PeopleState;
  /** What was purged from the archive. */
  readonly purges: readonly PurgeRule[];
  /** Whom the job holds, whose messages no purge by time keeps out; absent: nobody. */
  readonly held?: Held;
  /**
   * An archive with all rows of earlier runs, made once more of the journals that they kept; absent: nothing needs it, or
   * they kept none. Its folder.
   */
  readonly replayed?: string;
  /** An archive with them as this job makes them: what is current in it is written anew. Its folder, and why, in a clause. */
  readonly refill?: { readonly folder: string; readonly because: string };
  /** For formats with a place for it. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** What is loaded of a run, and how: what the job and its plan say, with this program's name for the files' metadata. */
export function loadPlanOf(
  job: Job,
  runPlan: RunPlan,
  { users, memberLists, memberships }: State,
  purges: readonly PurgeRule[] = [],
  held?: Held,
): LoadPlan {
  return {
    archive: job.output,
    runPlan,
    transform: job.transform,
    sinks: job.sinks,
    partition: job.partition ?? 'none',
    rowsPerFile: job.rowsPerFile ?? defaultRowsPerFile,
    openParts: openPartsPerFormat(job.sinks.length),
    jobSha256: jobFingerprint(job),
    savesFiles: job.attachments !== undefined,
    purges,
    ...omitUndefined({ held, attachments: job.attachments }),
    known: omitUndefined({ users, memberLists, memberships }),
    metadata: {
      schemaVersion: String(schemaVersion),
      tool: `${tool.name} ${tool.version}`,
      job: job.name,
      run: String(runPlan.run),
    },
  };
}
