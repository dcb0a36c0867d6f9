import { dirname, join } from 'node:path';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { sha256 } from '../../../src/archive/hash-file.ts';
import type { Gap, ManifestFile, ManifestList } from '../../../src/archive/manifest/manifest.ts';
import { archivePaths, partPath } from '../../../src/archive/paths.ts';
import { partitionFolder } from '../../../src/archive/paths/partition-folder.ts';
import { dataFilePath } from '../../../src/archive/paths/data-file-path.ts';
import type { RunContents } from '../../../src/archive/publish/prepare.ts';
import { publish } from '../../../src/archive/publish/publish.ts';
import { emptyState } from '../../../src/archive/state/state.ts';
import type { Disk } from '../../../src/system/disk.ts';
import type { LinkSigner } from '../../../src/signature/link-signer.ts';
import type { Cursor } from '../../../src/model/stream.ts';

export interface SampleRun {
  readonly contents: RunContents;
  /** Everything the open run has under `_work`, relative to the archive. */
  readonly workFiles: ReadonlyMap<string, Uint8Array>;
}

const cursorAfter = (run: number): Cursor => ({
  watermark: { tsMs: Date.UTC(2024, 0, run), id: run % 2 === 0 ? `m${run}` : null },
  offset: run * 3,
  deliveredIds: [`late${run}`],
});

function listOf(name: string, gap: Gap | null = null): ManifestList {
  return {
    endpoint: 'groups.messages',
    room: { id: `id-${name}`, name, type: 'private' },
    via: 'messages',
    filters: { pinned: true, mentionIds: ['all', 'u1'] },
    completeness: {
      pages: 1,
      messages: 3,
      versions: 0,
      first: { id: 'm0', ts: '2024-01-01T00:00:00.000Z' },
      last: null,
      totalAtFirstPage: 3,
      totalAtLastPage: null,
      overlapsVerified: 0,
      pagesRefetched: 0,
    },
    exported: 3,
    gaps: gap === null ? [] : [gap],
    holes: [],
  };
}

/** Rows of each table of a run: the second run finds nothing new, the third has two parts and a gap. */
const rowsByRun: readonly (readonly number[])[] = [[3], [], [2, 1]];

const made = new Map<number, SampleRun>();

/** A small run with two tables, one of them in a folder below its own, in CSV and Parquet, and two journals in folders. */
export function sampleRun(run: number): SampleRun {
  const sample = made.get(run) ?? makeRun(run);
  made.set(run, sample);
  return sample;
}

function makeRun(run: number): SampleRun {
  const workFiles = new Map<string, Uint8Array>([
    [archivePaths.runPlan, Buffer.from(`{"run":${run}}`)],
    [`${archivePaths.keptJournals}/groups.messages/a.jsonl`, Buffer.from(`journal a of ${run}`)],
    [`${archivePaths.keptJournals}/b.jsonl`, Buffer.from(`journal b of ${run}`)],
  ]);
  const files: ManifestFile[] = [];
  const parts = rowsByRun[(run - 1) % rowsByRun.length] ?? [];
  for (const table of ['messages', 'mentions']) {
    parts.forEach((rows, index) => {
      const values = Array.from({ length: rows }, (_, row) => `${table} ${run} ${index} ${row}`);
      for (const format of ['csv', 'parquet']) {
        const bytes =
          format === 'csv'
            ? Buffer.from(`text\n${values.join('\n')}\n`)
            : new Uint8Array(parquetWriteBuffer({ columnData: [{ name: 'text', data: values, type: 'STRING' }] }));
        const partition = table === 'mentions' ? partitionFolder('month', '2024-01') : undefined;
        const path = dataFilePath({ table, partition, run, part: index + 1, extension: format });
        workFiles.set(partPath(path), bytes);
        files.push({ path, table, format, rows, sizeBytes: bytes.length, sha256: sha256(bytes) });
      }
    });
  }
  const rows = parts.reduce((sum, part) => sum + part, 0);
  const gap = run % 3 === 0 ? { reason: 'not-allowed', message: 'The server says no' } : null;
  const contents: RunContents = {
    tool: { name: 'rocketchat-export', version: '1.2.3' },
    schemaVersion: 1,
    job: { name: 'nightly', sha256: sha256('job') },
    server: { url: 'https://chat.example.com', version: '7.1', user: { id: 'u1', username: 'archivist' } },
    startedAt: `2024-02-0${run}T02:15:00.000Z`,
    finishedAt: `2024-02-0${run}T02:16:00.000Z`,
    notes: ['Rooms this user is no member of are not seen'],
    tables: { messages: rows, mentions: rows },
    files,
    steps: [{ step: 'period', settings: { since: '2024-01-01T00:00:00.000Z' }, dropped: 2 }],
    badFields: { reactions: 1 },
    requests: { 'groups.messages': { requests: 2, retries: 0, rateLimited: 0, waitedMs: 13 } },
    lists: [listOf('ops', gap), listOf('dev')],
    changes: [],
    unchanged: run > 1 ? 1 : 0,
    stateBefore: run === 1 ? emptyState : sampleRun(run - 1).contents.state,
    state: {
      version: 2,
      run,
      longestPage: 100,
      lists: {
        'groups.messages id-ops': {
          ...{ endpoint: 'groups.messages', roomId: 'id-ops', roomName: 'ops', roomType: 'private', formerNames: [] },
          ...{ cursor: cursorAfter(run), messages: 3 * run, complete: gap === null, gone: false, holes: [] },
          seen: gap === null ? `mark-${run}` : null,
        },
      },
      changes: {
        'id-ops': {
          ...{ roomName: 'ops', sinceMs: run, known: { messages: [`m@${run}`] } },
          ...{ knownSinceMs: run, rows: run, complete: true, seen: null },
        },
      },
      rooms: { 'id-ops': `row of run ${run}` },
    },
  };
  return { contents, workFiles };
}

/** Puts the open run's files in place, as extracting and loading leave them: the files are flushed, the folders are not. */
export async function runPlan(disk: Disk, archive: string, { workFiles }: SampleRun): Promise<void> {
  for (const [path, bytes] of workFiles) {
    await disk.makeFolder(dirname(join(archive, path)));
    const file = await disk.open(join(archive, path), 'truncate');
    try {
      await file.write(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
  }
}

/** Publishes the first runs of a new archive. */
export async function publishRuns(
  disk: Disk,
  archive: string,
  runs: number,
  keepRaw = true,
  signer?: LinkSigner,
  from = 1,
): Promise<void> {
  for (let run = from; run <= runs; run += 1) {
    await runPlan(disk, archive, sampleRun(run));
    await publish(disk, archive, sampleRun(run).contents, { keepRaw, ...(signer && { signer }) });
  }
}
