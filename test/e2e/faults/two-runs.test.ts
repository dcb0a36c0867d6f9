import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { archivePaths } from '../../../src/archive/paths.ts';
import { nodeDisk } from '../../../src/system/disk.ts';
import { OutputError, StoppedError } from '../../../src/errors.ts';
import type { Clock } from '../../../src/system/clock.ts';
import { runJob } from '../../../src/pipeline.ts';
import { faultDisk } from '../../support/disk/fault-disk.ts';
import { CrashLab } from '../../support/runs/crash-lab.ts';
import { leapingClock } from '../../support/clocks/leaping-clock.ts';
import { newProcess } from '../../support/runs/new-process.ts';

describe('two runs over one archive', () => {
  let lab: CrashLab;
  beforeAll(async () => {
    lab = await CrashLab.open([30, 14, 8], {
      extract: [{ endpoint: 'groups.messages', rooms: ['*'] }],
      transform: { tables: ['messages'] },
      sinks: [{ format: 'jsonl' }],
    });
  });
  afterAll(() => lab.close());

  it('do not get in each other’s way: the second says who holds the lock, and the first ends well', async () => {
    await lab.withArchive(async (archive) => {
      const seconds: Promise<unknown>[] = [];
      const first = newProcess({
        process: {
          pid: 4_711,
          host: 'archive-host',
          processStartId: 'boot-1',
          pidNamespace: 'pid:[1]',
          bootId: 'boot',
        },
        onEvent: ({ kind }) => {
          if (kind === 'publishing' && seconds.length > 0) return;
          const second = newProcess({
            process: { pid: 9, host: 'archive-host', processStartId: null, pidNamespace: 'pid:[1]', bootId: 'boot' },
            isAlive: () => true,
          });
          seconds.push(runJob(lab.job(archive), second).catch((error: unknown) => error));
        },
      });
      await runJob(lab.job(archive), first);
      for (const refused of await Promise.all(seconds)) {
        // One that came last may find the archive free.
        if (!(refused instanceof Error)) continue;
        expect(refused).toBeInstanceOf(StoppedError);
        expect(refused.message).toMatch(/process 4711 on "archive-host" has been writing to it since 2026-/);
      }
      expect(seconds.length).toBeGreaterThan(3);
      await lab.expectUnbroken(nodeDisk, archive);
    });
  });

  it('follow each other when the first one has died, whatever it left', async () => {
    await lab.withArchive(async (archive) => {
      const { disk } = faultDisk(nodeDisk, 'dies-before', 30);
      await expect(runJob(lab.job(archive), newProcess({ disk }))).rejects.toThrow(OutputError);
      expect(await nodeDisk.list(archive)).toContain(archivePaths.lock);
      await writeFile(join(archive, '_lock.0123456789abcdef-1.tmp'), '{"pid":');
      await lab.expectResumes(nodeDisk, archive);
    });
  });

  it('are kept apart by the lock of another host as long as it is renewed, and taken over when it is not', async () => {
    await lab.withArchive(async (archive) => {
      const { disk } = faultDisk(nodeDisk, 'dies-before', 30);
      const elsewhere = { pid: 1, host: 'elsewhere', processStartId: null, pidNamespace: 'pid:[1]', bootId: 'other' };
      await expect(runJob(lab.job(archive), newProcess({ disk, process: elsewhere }))).rejects.toThrow(OutputError);
      let renewals = 0;
      const clock = leapingClock();
      const sleep: Clock['sleep'] = async (ms, signal) => {
        await clock.sleep(ms, signal);
        await writeFile(join(archive, '_lock.heartbeat'), String((renewals += 1)));
      };
      const refused = runJob(lab.job(archive), newProcess({ clock: { ...clock, sleep } }));
      await expect(refused).rejects.toMatchObject({ kind: 'stopped', exitCode: 75 });
      expect(renewals).toBe(1);
      await lab.expectResumes(nodeDisk, archive);
    });
  });
});
