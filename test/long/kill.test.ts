import { rm } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createPrng } from '../../src/demo/sample/prng.ts';
import { nodeDisk } from '../../src/system/disk.ts';
import { CrashLab } from '../support/runs/crash-lab.ts';
import { askedAgain, journaledStreams } from '../support/archives/journaled-pages.ts';
import { startDyingRun, startProgram, writeJobFile } from '../support/program/built-program.ts';

/** More than any request of these takes: by then the server has logged what a killed client asked. */
const lateRequestMs = 50;

describe('the program, killed with kill -9', () => {
  let lab: CrashLab;
  beforeAll(async () => {
    lab = await CrashLab.open([300, 150, 60], {}, { cap: 15, latencyMs: 10 }, Date.now());
  });
  afterAll(() => lab.close());

  it('at random moments, over and over, ends with the bytes of an unbroken run and asks for no page twice', async () => {
    const prng = createPrng(20_260_117);
    const minKills = 32;
    // How long a whole run takes here and now: the moments are spread over it.
    const wholeMs = await lab.withArchive(async (archive) => {
      const jobFile = await writeJobFile(`${archive}.yaml`, lab.job(archive));
      const fromMs = performance.now();
      expect(await startProgram(jobFile).ended).toMatchObject({ code: 0 });
      const tookMs = performance.now() - fromMs;
      await lab.expectUnbroken(nodeDisk, archive);
      return tookMs;
    });
    let kills = 0;
    let killsWithPages = 0;
    while (kills < minKills) {
      await lab.withArchive(async (archive) => {
        const jobFile = await writeJobFile(`${archive}.yaml`, lab.job(archive));
        for (let killsHere = 0; ; killsHere += 1) {
          const journaled = await journaledStreams(nodeDisk, archive);
          if (journaled.some(({ pages }) => pages > 0)) killsWithPages += 1;
          const from = lab.server.requests.length;
          const child = startProgram(jobFile);
          // Longer from kill to kill, so that each archive is done some time, however busy the machine.
          const delayMs = wholeMs * (0.1 + 0.9 * prng.next()) * (1 + killsHere / 4);
          const timer = setTimeout(() => child.process.kill('SIGKILL'), delayMs);
          const { code, signal, stderr } = await child.ended;
          clearTimeout(timer);
          await pause(lateRequestMs);
          expect(askedAgain(journaled, lab.requestsSince(from))).toEqual([]);
          if (signal === null) {
            expect({ code, stderr }).toMatchObject({ code: 0 });
            break;
          }
          kills += 1;
        }
        await lab.expectUnbroken(nodeDisk, archive);
      });
    }
    // Else it was killed before or after the reading only, and has shown little.
    expect(killsWithPages).toBeGreaterThan(minKills / 4);
  });
});

describe('the program, killed with kill -9 in the middle of a change to the disk', () => {
  let lab: CrashLab;
  beforeAll(async () => {
    lab = await CrashLab.open([30, 14, 8], { transform: { tables: ['messages', 'rooms'] } }, {}, Date.now());
  });
  afterAll(() => lab.close());

  it('ends with the bytes of an unbroken run', async () => {
    const steps = await lab.withArchive(async (archive) => {
      const { stderr } = await startDyingRun(await writeJobFile(`${archive}.yaml`, lab.job(archive)), 0).ended;
      await lab.expectUnbroken(nodeDisk, archive);
      return Number(stderr);
    });
    expect(steps).toBeGreaterThan(60);
    // Loading and publishing are the last changes: more of these than of the reading before.
    for (let step = 1; step <= steps; step += step < steps / 2 ? 9 : 3) {
      await lab.withArchive(async (archive) => {
        const jobFile = await writeJobFile(`${archive}.yaml`, lab.job(archive));
        const { signal, stderr } = await startDyingRun(jobFile, step).ended;
        expect({ signal, stderr }).toEqual({ signal: 'SIGKILL', stderr: '' });
        await lab.expectResumes(nodeDisk, archive);
        await rm(jobFile);
      });
    }
  });
});
