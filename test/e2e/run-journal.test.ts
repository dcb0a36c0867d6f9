import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { sampleLogin } from '../../src/demo/sample/sample-login.ts';
import { serveWorkspace } from '../../src/demo/server/server.ts';
import { nodeDisk } from '../../src/system/disk.ts';
import type { StoredFrame } from '../../src/journal/frame.ts';
import { readKeptJournal } from '../../src/journal/kept/read-kept-journal.ts';
import { runJob } from '../../src/pipeline.ts';
import { faultDisk } from '../support/disk/fault-disk.ts';
import { fullJob, newProcess } from '../support/runs/new-process.ts';
import { withArchive } from '../support/disk/temporary-folder.ts';
import { threeRooms } from '../support/workspaces/three-rooms.ts';
import { quickOrLong } from '../support/quick-or-long.ts';

const key = 'a key that nobody may know';

async function framesOf(archive: string): Promise<readonly StoredFrame[]> {
  const frames: StoredFrame[] = [];
  const path = join(archive, '_raw/run-000001/0000-run.pages.gz');
  for await (const frame of readKeptJournal(nodeDisk, path)) frames.push(frame);
  return frames;
}

/** Runs a job that keeps its journals, cut once when `steps` steps of the disk have been made. */
async function keepJournals(archive: string, steps?: number): Promise<void> {
  const served = await serveWorkspace(threeRooms([3, 2, 1]), { version: '8.8' });
  try {
    const job = fullJob(served.url, archive, {
      raw: 'keep',
      transform: { tables: ['messages'], steps: [{ kind: 'pseudonymize', key }] },
    });
    if (steps !== undefined) {
      const { disk } = faultDisk(nodeDisk, 'dies-within', steps);
      await expect(runJob(job, newProcess({ disk }))).rejects.toThrow();
    }
    await runJob(job, newProcess());
  } finally {
    await served.close();
  }
}

describe('journals that are kept', () => {
  it('hold what tables are made from beside pages: the job, who we are, the rooms, the version', async () => {
    await withArchive(async (archive) => {
      await keepJournals(archive);
      const frames = await framesOf(archive);
      expect(frames.map(({ frame }) => (frame.kind === 'answer' ? frame.endpoint : frame.kind)).toSorted()).toEqual([
        '/api/info',
        'job',
        'me',
        'rooms.get',
        'subscriptions.get',
      ]);
      expect(frames[0]?.frame).toMatchObject({
        kind: 'job',
        job: { name: 'crash', partition: 'none', extract: [{ endpoint: 'groups.messages', rooms: ['*'] }, {}] },
      });
      const rooms = frames.find(({ frame }) => frame.kind === 'answer' && frame.endpoint === 'rooms.get')?.body;
      const { update } = JSON.parse(String(rooms)) as { readonly update: readonly unknown[] };
      expect(update).toHaveLength(3);
    });
  });

  it('hold no secret', async () => {
    await withArchive(async (archive) => {
      await keepJournals(archive);
      const text = String(gunzipSync(await readFile(join(archive, '_raw/run-000001/0000-run.pages.gz'))));
      expect(text).toContain('"pseudonymize"');
      expect(text).not.toContain(key);
      expect(text).not.toContain(sampleLogin.authToken);
    });
  });

  it.each(quickOrLong([12], [8, 10, 12, 30]))('hold them once when the run was cut after %i steps', async (steps) => {
    await withArchive(async (archive) => {
      await keepJournals(archive, steps);
      expect((await framesOf(archive)).map(({ frame }) => frame.kind)).toEqual([
        'job',
        ...Array<string>(4).fill('answer'),
      ]);
    });
  });
});
