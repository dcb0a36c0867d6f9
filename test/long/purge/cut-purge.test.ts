import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { verifyArchive } from '../../../src/archive/verify/verify.ts';
import { walkFiles } from '../../../src/archive/walk-files.ts';
import { OutputError } from '../../../src/errors.ts';
import { runJob } from '../../../src/pipeline.ts';
import { purgeArchive } from '../../../src/purge/purge-archive.ts';
import { nodeDisk } from '../../../src/system/disk.ts';
import { faultDisk } from '../../support/disk/fault-disk.ts';
import { CrashLab } from '../../support/runs/crash-lab.ts';
import { newProcess } from '../../support/runs/new-process.ts';
import { firstOfEveryOther } from '../../support/every-other.ts';

const why = { reason: 'test', by: 'test' };

/** Which files of tables and kept journals hold a message. */
async function holding(archive: string, id: string): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { path, name } of walkFiles(nodeDisk, archive)) {
    const isKept = name.endsWith('.pages.gz');
    const bytes = isKept ? gunzipSync(readFileSync(path)) : readFileSync(path);
    const text = isKept || /\.(jsonl|csv)$/.test(name) ? String(bytes) : '';
    // Headers of frames name first and last messages of pages: ids stay.
    const held = isKept ? new RegExp(`"_id":"${id}","(?!purged")`).test(text) : text.includes(id);
    if (held && !path.includes('_numbers')) found.push(name);
  }
  return found;
}

describe('a purge that is cut', () => {
  it.each(['dies-before', 'dies-within', 'fails-within'] as const)(
    'at every other step (%s) leaves all or nothing, once the next command has run',
    async (fault) => {
      const lab = await CrashLab.open([4, 2, 2], {
        transform: { tables: ['messages', 'rooms'] },
        sinks: [{ format: 'jsonl' }, { format: 'csv' }],
        raw: 'keep',
      });
      const outcomes = new Set<number>();
      try {
        for (let step = 1 + firstOfEveryOther(); ; step += 2) {
          const reached = await lab.withArchive(async (folder) => {
            await runJob(lab.job(folder), newProcess());
            const [first] = lab.workspace.rooms.flatMap((room) => room.messages);
            const id = first?.id ?? '';
            const before = (await holding(folder, id)).length;
            expect(before).toBeGreaterThan(1);
            const broken = faultDisk(nodeDisk, fault, step);
            const target = { kind: 'messages' as const, ids: [id] };
            await purgeArchive(folder, target, { ...newProcess(), ...why, disk: broken.disk }).catch(
              (error: unknown) => {
                expect(error).toBeInstanceOf(OutputError);
              },
            );
            await runJob(lab.job(folder), newProcess());
            expect(await verifyArchive(folder)).toMatchObject({ differences: [], notes: [] });
            const after = (await holding(folder, id)).length;
            expect([0, before]).toContain(after);
            outcomes.add(after);
            return broken.steps() >= step;
          });
          if (!reached) break;
        }
      } finally {
        await lab.close();
      }
      expect(outcomes.size).toBe(2);
    },
  );
});
