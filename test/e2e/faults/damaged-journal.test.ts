import { truncate, readFile, readdir, writeFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { archivePaths } from '../../../src/archive/paths.ts';
import { nodeDisk, type Disk } from '../../../src/system/disk.ts';
import { OutputError } from '../../../src/errors.ts';
import { runJob } from '../../../src/pipeline.ts';
import { faultDisk } from '../../support/disk/fault-disk.ts';
import { CrashLab } from '../../support/runs/crash-lab.ts';
import { askedAgain, journaledStreams } from '../../support/archives/journaled-pages.ts';
import { newProcess } from '../../support/runs/new-process.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';

const longIt = quickOrLong(it.skip, it);

/** By then some journals are closed and others are not. */
const stepsBeforeTheCut = 45;

describe('a journal that is not whole', () => {
  let lab: CrashLab;
  beforeAll(async () => {
    lab = await CrashLab.open([60, 14, 8], {
      extract: [{ endpoint: 'groups.messages', rooms: ['*'] }],
      transform: { tables: ['messages'] },
      sinks: [{ format: 'jsonl' }],
    });
  });
  afterAll(() => lab.close());

  /** A run that died, with each of its journals changed by `damage`. */
  async function resumeAfter(damage: (path: string, bytes: Buffer) => Promise<void>): Promise<void> {
    await lab.withArchive(async (archive) => {
      const { disk } = faultDisk(nodeDisk, 'dies-before', stepsBeforeTheCut);
      await expect(runJob(lab.job(archive), newProcess({ disk }))).rejects.toThrow(OutputError);
      const folder = join(archive, archivePaths.journal);
      const names = await readdir(folder);
      expect(names).toHaveLength(3);
      for (const name of names) await damage(join(folder, name), await readFile(join(folder, name)));
      await lab.expectResumes(nodeDisk, archive);
    });
  }

  longIt('loses a last line that was torn anywhere', async () => {
    for (const lost of [1, 2, 40, 700])
      await resumeAfter((path, { length }) => truncate(path, Math.max(0, length - lost)));
  });

  longIt('loses zeros that a power cut left at its end', async () => {
    await resumeAfter((path, bytes) => writeFile(path, Buffer.concat([bytes, Buffer.alloc(5_000)])));
    await resumeAfter((path, bytes) => writeFile(path, bytes.fill(0, bytes.length - 300)));
  });

  longIt('loses what stands behind damage, wherever that is', async () => {
    for (const place of quickOrLong([0, 0.5, 0.999], [0, 0.001, 0.3, 0.5, 0.8, 0.999])) {
      await resumeAfter(async (path, bytes) => {
        const at = Math.floor(place * bytes.length);
        bytes.writeUInt8(bytes.readUInt8(at) ^ 0x11, at);
        await writeFile(path, bytes);
      });
    }
  });

  it('is read anew when it is gone', async () => {
    await resumeAfter((path) => truncate(path, 0));
    if (quickOrLong(false, true)) await resumeAfter((path) => rm(path));
  });

  it.each(['messages', 'history'] as const)(
    'is not loaded, via %s, when it reads otherwise than written',
    async (via) => {
      const extract = [{ endpoint: 'groups.messages', rooms: ['*'], via }] as const;
      await lab.withArchive(async (archive) => {
        const forgetful: Disk = {
          ...nodeDisk,
          readChunks: async function* (path, fromByte = 0) {
            for await (const chunk of nodeDisk.readChunks(path, fromByte)) {
              yield path.endsWith('.pages') && fromByte === 0 ? Buffer.from(chunk).fill(0, 600, 610) : chunk;
            }
          },
          openToRead: async (path) => {
            const reader = await nodeDisk.openToRead(path);
            return {
              ...reader,
              read: async (fromByte, toByte) => {
                const bytes = Buffer.from(await reader.read(fromByte, toByte));
                return path.endsWith('.pages') && fromByte === 0 ? bytes.fill(0, 600, 610) : bytes;
              },
            };
          },
        };
        const run = runJob({ ...lab.job(archive), extract }, newProcess({ disk: forgetful }));
        await expect(run).rejects.toThrow(/has been damaged since it was written/);
        expect(await nodeDisk.list(archive)).toEqual(['_work']);
        const journaled = await journaledStreams(nodeDisk, archive);
        const from = lab.server.requests.length;
        const { tables } = await runJob({ ...lab.job(archive), extract }, newProcess());
        expect(tables).toEqual({ messages: 80 });
        expect(journaled.some(({ pages }) => pages > 0)).toBe(true);
        expect(askedAgain(journaled, lab.requestsSince(from))).toEqual([]);
      });
    },
  );

  it('is kept when the file that says whose it is cannot be read', async () => {
    await lab.withArchive(async (archive) => {
      const { disk } = faultDisk(nodeDisk, 'dies-before', stepsBeforeTheCut);
      await expect(runJob(lab.job(archive), newProcess({ disk }))).rejects.toThrow(OutputError);
      const runPlan = join(archive, archivePaths.runPlan);
      const whole = await readFile(runPlan);
      await truncate(runPlan, 100);
      await expect(runJob(lab.job(archive), newProcess())).rejects.toThrow(/damaged/);
      await writeFile(runPlan, whole);
      const journaled = await lab.expectResumes(nodeDisk, archive);
      expect(journaled.some(({ pages }) => pages > 0)).toBe(true);
    });
  });
});
