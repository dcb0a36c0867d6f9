import type { HiddenTypes, Incomplete, Outdated } from '../../archive/manifest/coverage.ts';
import type { ManifestRoom } from '../../archive/manifest/room/manifest-room.ts';
import type { Manifest, ManifestGap } from '../../archive/manifest/manifest.ts';
import { manifestSha256 } from '../../archive/manifest/manifest-json.ts';
import { manifestPath } from '../../archive/paths.ts';
import { leftOutReasons, type LeftOutReason } from '../../archive/state/left-out.ts';
import type { Job } from '../../job/job.ts';
import { failureOf, type Failure } from '../log/report-error.ts';
import { shortestFirst } from '../report/run/note-lines.ts';
import { runCounts } from '../report/run/run-counts.ts';
import type { FollowedRun } from '../run-and-follow.ts';

/** Rooms that a result names per reason, and gaps: the manifest has all of them. */
export const mostNamed = 20;

/** How a run ended: `published` (exit code 0, or 1 with gaps; another where something behind publishing failed), or not at all. */
type RunStatus = 'published' | 'failed';

/** Rooms whose coverage changed with this run. */
interface ChangedRooms {
  readonly count: number;
  /** The first of them. */
  readonly rooms: readonly ManifestRoom[];
}

/** What one run of one job came to, for a program: small, however many rooms there are. */
export interface RunResult {
  readonly version: 1;
  /** Its name; of a job file that cannot be read the path. */
  readonly job: string;
  readonly status: RunStatus;
  readonly exitCode: number;
  /** Absolute; null: the job file cannot be read. */
  readonly archive: string | null;
  /** null: nothing was published. */
  readonly run: number | null;
  /** Of this process: a run that was resumed may have begun long before. */
  readonly durationMs: number;
  /** New messages, messages of the lists of those that mention the login, and changes of messages that earlier runs brought. */
  readonly messages: number;
  readonly mentions: number;
  readonly changes: number;
  /** By table: rows that the run added, in each format. */
  readonly rows: Readonly<Record<string, number>>;
  readonly gaps: { readonly count: number; readonly first: readonly ManifestGap[] };
  /** null: nothing was published. */
  readonly coverage: {
    readonly rooms: NonNullable<Manifest['coverage']>['rooms'];
    /** By reason: rooms that were not left out for it in the run before. `read`: those that were left out, and are not now. */
    readonly changed: Readonly<Partial<Record<LeftOutReason | 'read', ChangedRooms>>>;
    readonly encryptedMessages: number;
    readonly filesNotDownloaded: number;
    readonly listsOutsidePeriod?: number;
    readonly hiddenTypes?: HiddenTypes;
    readonly incomplete?: readonly Incomplete[];
    readonly misplacedFiles?: NonNullable<Manifest['coverage']>['misplacedFiles'];
    readonly outdated?: readonly Outdated[];
    /** By field: values of a wrong type, of which nothing but `extra` holds what they were. */
    readonly badFields: Manifest['badFields'];
    /** By table and column: cells that lack such a value. Absent: none. */
    readonly badColumns?: NonNullable<Manifest['badColumns']>;
  } | null;
  /** The shortest first. */
  readonly notes: readonly string[];
  readonly files: { readonly count: number; readonly sizeBytes: number };
  /** The link of the chain that holds all the rest; `path` relative to the archive. */
  readonly manifest: { readonly path: string; readonly sha256: string } | null;
  /** null: nothing failed. With a `run`: that is published, and what follows publishing (`push`, `load`, pages…) failed. */
  readonly error: { readonly kind: string; readonly message: string; readonly hint: string | null } | null;
}

export function publishedResult(
  { name, output }: Pick<Job, 'name' | 'output'>,
  { manifest, exitCode, tookMs, error }: Pick<FollowedRun, 'manifest' | 'exitCode' | 'tookMs' | 'error'>,
): RunResult {
  const { run, tables, gaps, files, coverage, badFields, badColumns } = manifest;
  return {
    version: 1,
    job: name,
    status: 'published',
    exitCode,
    archive: output,
    run,
    durationMs: tookMs,
    ...runCounts(manifest),
    rows: tables,
    gaps: { count: gaps.length, first: gaps.slice(0, mostNamed) },
    coverage:
      coverage === undefined
        ? null
        : {
            ...coverage,
            changed: changedRooms(coverage.changed),
            badFields,
            ...(badColumns !== undefined && { badColumns }),
          },
    notes: shortestFirst(manifest.notes),
    files: { count: files.length, sizeBytes: files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) },
    manifest: { path: manifestPath(run), sha256: manifestSha256(manifest) },
    error: error === undefined ? null : errorOf(failureOf(error)),
  };
}

/** @param job `output` null: its file, `name` is the path, cannot be read */
export function failedResult(
  job: { readonly name: string; readonly output: string | null },
  failure: Failure,
  durationMs: number,
): RunResult {
  return {
    version: 1,
    job: job.name,
    status: 'failed',
    exitCode: failure.exitCode,
    archive: job.output,
    run: null,
    durationMs,
    messages: 0,
    mentions: 0,
    changes: 0,
    rows: {},
    gaps: { count: 0, first: [] },
    coverage: null,
    notes: [],
    files: { count: 0, sizeBytes: 0 },
    manifest: null,
    error: errorOf(failure),
  };
}

function errorOf({ kind, message, hint }: Failure): NonNullable<RunResult['error']> {
  return { kind, message, hint: hint ?? null };
}

/** One line of JSON Lines. */
export function resultLine(result: RunResult): string {
  return `${JSON.stringify(result)}\n`;
}

function changedRooms(
  changed: NonNullable<Manifest['coverage']>['changed'],
): NonNullable<RunResult['coverage']>['changed'] {
  const reasons = ['read', ...leftOutReasons] as const;
  return Object.fromEntries(
    reasons.flatMap((reason): readonly [string, ChangedRooms][] => {
      const rooms = changed.filter(({ now }) => (now ?? 'read') === reason).map(({ room }) => room);
      return rooms.length === 0 ? [] : [[reason, { count: rooms.length, rooms: rooms.slice(0, mostNamed) }]];
    }),
  );
}
