import { join } from 'node:path';
import { manifestPath } from '../../../src/archive/paths.ts';
import type { Disk } from '../../../src/system/disk.ts';

/** me, rooms.get, subscriptions.get, channels.list for the number of channels not joined, and a page of users.list. */
const idleRequests = 5;
const idleManifestBytes = 20_000;

/** What a run did that had nothing to ask for. */
export interface IdleRun {
  readonly run: number;
  /** The endpoints of its requests. */
  readonly asked: readonly string[];
  readonly rows: number;
}

/** Another night on which there is nothing to ask for costs the same however long the archive has lived. */
export async function idleProblems(
  disk: Disk,
  archive: string,
  { run, asked, rows }: IdleRun,
): Promise<readonly string[]> {
  const manifestBytes = (await disk.sizeBytes(join(archive, manifestPath(run)))) ?? 0;
  return [
    ...(asked.length > idleRequests ? [`an idle run made ${asked.length} requests: ${asked.join(', ')}`] : []),
    ...(rows > 0 ? [`an idle run wrote ${rows} rows`] : []),
    ...(manifestBytes > idleManifestBytes ? [`an idle run wrote a manifest of ${manifestBytes} bytes`] : []),
  ];
}
