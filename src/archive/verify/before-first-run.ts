import { join } from 'node:path';
import { z } from 'zod';
import type { Disk } from '../../system/disk.ts';
import { hashIfThere } from '../hash-file.ts';
import { JsonShapeError, parseJson } from '../json-shape.ts';
import type { LinkHead } from '../manifest/parts/link-head.ts';
import { archivePaths } from '../paths.ts';

const openRunSchema = z.object({ run: z.int() });

/**
 * Whether an archive without manifests has only what a first run leaves until it is published. One whose chain was taken away
 * has a state, the emptied folder of manifests, views, or an open run with a later number; its tables are strays.
 *
 * @param pending the link that is half published
 */
export async function isBeforeFirstRun(disk: Disk, archive: string, pending: LinkHead | undefined): Promise<boolean> {
  const state = await hashIfThere(disk, join(archive, archivePaths.state));
  if (state !== undefined && state !== pending?.state.sha256) return false;
  if (await isThere(disk, archive, archivePaths.views)) return false;
  if (pending !== undefined) return pending.run === 1;
  // Publishing makes it, when the link is pending.
  if (await isThere(disk, archive, archivePaths.manifests)) return false;
  const plan = await disk.readFile(join(archive, archivePaths.runPlan));
  if (plan !== undefined) return runOf(plan) === 1;
  // Right before it is written.
  const work = (await disk.list(join(archive, archivePaths.work))) ?? [];
  const journals = (await disk.list(join(archive, archivePaths.journal))) ?? [];
  return work.every((name) => name === 'journal' || name === 'run.json.tmp') && journals.length === 0;
}

async function isThere(disk: Disk, archive: string, name: string): Promise<boolean> {
  return (await disk.sizeBytes(join(archive, name))) !== undefined;
}

/** undefined: it is damaged. */
function runOf(plan: Uint8Array): number | undefined {
  try {
    return openRunSchema.safeParse(parseJson(plan)).data?.run;
  } catch (error) {
    if (!(error instanceof JsonShapeError)) throw error;
    return undefined;
  }
}
