import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { nodeDisk } from '../../src/system/disk.ts';
import { inflict } from '../support/network/faults.ts';
import { CrashLab } from '../support/runs/crash-lab.ts';
import { askedAgain, journaledStreams } from '../support/archives/journaled-pages.ts';
import { startProgram, writeJobFile } from '../support/program/built-program.ts';

describe('the program, told to end', () => {
  let lab: CrashLab;
  beforeAll(async () => {
    lab = await CrashLab.open([300, 150, 60], {}, { latencyMs: 5 }, Date.now());
    await lab.unbroken(1);
  });
  afterEach(() => {
    lab.server.rules.intercept = null;
  });
  afterAll(() => lab.close());

  async function finish(archive: string, jobFile: string): Promise<void> {
    const journaled = await journaledStreams(nodeDisk, archive);
    expect(journaled.some(({ pages }) => pages > 0)).toBe(true);
    const from = lab.server.requests.length;
    expect(await startProgram(jobFile).ended).toMatchObject({ code: 0 });
    expect(askedAgain(journaled, lab.requestsSince(from))).toEqual([]);
    await lab.expectUnbroken(nodeDisk, archive);
  }

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('by %s, saves what is in flight and exits %i', async (signal, code) => {
    await lab.withArchive(async (archive) => {
      const jobFile = await writeJobFile(`${archive}.yaml`, lab.job(archive));
      const child = startProgram(jobFile);
      let asked = 0;
      lab.server.rules.intercept = ({ endpoint }) => {
        if (endpoint === 'groups.messages' && (asked += 1) === 20) child.process.kill(signal);
        return false;
      };
      const ended = await child.ended;
      expect(ended).toMatchObject({ code, signal: null });
      lab.server.rules.intercept = null;
      const pages = (await journaledStreams(nodeDisk, archive)).reduce((sum, stream) => sum + stream.pages, 0);
      // All that was answered is saved, and little more was asked for.
      expect(pages).toBeGreaterThanOrEqual(20);
      await finish(archive, jobFile);
    });
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('by %s twice, ends at once with %i though the server hangs, and loses nothing', async (signal, code) => {
    await lab.withArchive(async (archive) => {
      const jobFile = await writeJobFile(`${archive}.yaml`, lab.job(archive));
      const child = startProgram(jobFile);
      let asked = 0;
      let hangs = (): void => undefined;
      const hanging = new Promise<void>((resolve) => (hangs = resolve));
      lab.server.rules.intercept = inflict(({ endpoint }) => {
        if (endpoint !== 'groups.messages' || (asked += 1) <= 20) return null;
        hangs();
        return { kind: 'hang' };
      });
      await hanging;
      child.process.kill(signal);
      await pause(300);
      if (child.process.exitCode !== null) expect(await child.ended).toEqual('still running');
      child.process.kill(signal);
      expect(await child.ended).toMatchObject({ code, signal: null });
      lab.server.rules.intercept = null;
      await finish(archive, jobFile);
    });
  });

  it('by a second run, says who is at work instead', async () => {
    await lab.withArchive(async (archive) => {
      const jobFile = await writeJobFile(`${archive}.yaml`, lab.job(archive));
      const first = startProgram(jobFile);
      let second: ReturnType<typeof startProgram> | undefined;
      let asked = 0;
      let secondEnded = false;
      lab.server.rules.intercept = inflict(({ endpoint }) => {
        if (endpoint !== 'groups.messages') return null;
        if ((asked += 1) === 5) {
          second = startProgram(jobFile);
          void second.ended.then(() => (secondEnded = true));
        }
        // The first one may not be done before the second has tried.
        return asked > 5 && !secondEnded ? { kind: 'error-page', status: 503 } : null;
      });
      expect(await first.ended).toMatchObject({ code: 0 });
      const refused = await second?.ended;
      expect(refused?.code).toBe(75);
      expect(refused?.stderr).toContain(`process ${String(first.process.pid)} on`);
      await lab.expectUnbroken(nodeDisk, archive);
    });
  });
});
