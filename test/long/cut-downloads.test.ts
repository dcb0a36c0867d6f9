import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { verifyArchive } from '../../src/archive/verify/verify.ts';
import { serveWorkspace } from '../../src/demo/server/server.ts';
import { runJob } from '../../src/pipeline.ts';
import { nodeDisk } from '../../src/system/disk.ts';
import { faultDisk } from '../support/disk/fault-disk.ts';
import { withArchive } from '../support/disk/temporary-folder.ts';
import { fullJob, newProcess } from '../support/runs/new-process.ts';
import { fileWorkspace } from '../support/workspaces/file-workspace.ts';

/** Large enough to be resumed by another process. */
const large = Buffer.alloc(3_000_000, 'rocket ');
const files = [{ id: 'one' }, { id: 'large', content: large }, { id: 'gone' }, { id: 'two' }];

async function bytesOf(archive: string): Promise<Readonly<Record<string, string>>> {
  const paths: string[] = [];
  for (const folder of ['_files', 'files', 'messages']) {
    for (const entry of await readdir(join(archive, folder), { recursive: true, withFileTypes: true })) {
      if (entry.isFile()) paths.push(join(entry.parentPath, entry.name));
    }
  }
  const read = paths
    .toSorted()
    .map(async (path) => [path.slice(archive.length), await readFile(path, 'base64')] as const);
  return Object.fromEntries(await Promise.all(read));
}

describe('a run that saves files, cut anywhere', () => {
  it('ends with the bytes of one that was not, and resumes a large file where it broke', async () => {
    const workspace = fileWorkspace(files);
    workspace.removeUpload('gone');
    const ranges: string[] = [];
    const served = await serveWorkspace(workspace, {
      intercept: ({ endpoint, request }) => {
        const { range } = request.headers;
        if (endpoint.startsWith('/file-upload/') && range !== undefined) ranges.push(range);
        return false;
      },
    });
    const jobOf = (archive: string) =>
      fullJob(served.url, archive, {
        ...{ extract: [{ rooms: ['*'] }], transform: { tables: ['messages'] }, sinks: [{ format: 'jsonl' }] },
        ...{ attachments: {}, concurrency: 1 },
      });
    try {
      const unbroken = await withArchive(async (archive) => {
        await runJob(jobOf(archive), newProcess());
        return bytesOf(archive);
      });
      expect(Object.keys(unbroken)).toHaveLength(5);
      for (let steps = 1; ; steps += 1) {
        const isWhole = await withArchive(async (archive) => {
          const { disk } = faultDisk(nodeDisk, 'dies-within', steps);
          const lived = await runJob(jobOf(archive), newProcess({ disk })).then(
            () => true,
            () => false,
          );
          await runJob(jobOf(archive), newProcess());
          // The run behind a whole one adds nothing to these folders but an empty table.
          if (!lived) expect(await bytesOf(archive)).toMatchObject(unbroken);
          expect((await verifyArchive(archive)).differences).toEqual([]);
          return lived;
        });
        if (isWhole) break;
      }
      expect(ranges.some((range) => /^bytes=\d+-2999999$/.test(range))).toBe(true);
    } finally {
      await served.close();
    }
  }, 600_000);
});
