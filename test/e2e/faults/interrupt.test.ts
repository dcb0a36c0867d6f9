import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Clock } from '../../../src/system/clock.ts';
import { defaultRateLimit } from '../../../src/demo/server/server-settings.ts';
import { type Disk, nodeDisk } from '../../../src/system/disk.ts';
import { InterruptedError, OutputError } from '../../../src/errors.ts';
import { runJob } from '../../../src/pipeline.ts';
import type { RunEvent } from '../../../src/run-event.ts';
import { CrashLab } from '../../support/runs/crash-lab.ts';
import { leapingClock } from '../../support/clocks/leaping-clock.ts';
import { newProcess } from '../../support/runs/new-process.ts';

/** Sleeps until it is told to stop: whoever does not listen never ends. */
function endlessClock(onSleep: () => void = () => undefined): Clock {
  const started = leapingClock();
  return {
    now: () => started.now(),
    sleep: (_ms, signal) =>
      new Promise((_resolve, reject) => {
        const end = (): void => reject(new Error('The pause was ended'));
        if (signal?.aborted === true) end();
        signal?.addEventListener('abort', end, { once: true });
        onSleep();
      }),
  };
}

/** Lets the archive be made, but no table. */
function diskWithoutTables(): Disk {
  return {
    ...nodeDisk,
    open: (path, mode) =>
      path.endsWith('.jsonl') ? Promise.reject(new OutputError('No space for tables')) : nodeDisk.open(path, mode),
  };
}

describe('an interrupted run', () => {
  let lab: CrashLab;
  beforeAll(async () => {
    lab = await CrashLab.open([60, 30, 14], {
      extract: [{ endpoint: 'groups.messages', rooms: ['*'] }],
      transform: { tables: ['messages'] },
      sinks: [{ format: 'jsonl' }],
    });
    await lab.unbroken(2);
  });
  afterEach(() => {
    Object.assign(lab.server.rules, { rateLimit: null, latencyMs: 0, intercept: null });
  });
  afterAll(() => lab.close());

  /** Interrupts a run at the first event that `when` picks; answers what it ended with. */
  async function interrupt(archive: string, when: (event: RunEvent) => boolean): Promise<unknown> {
    const controller = new AbortController();
    const onEvent = (event: RunEvent): void => {
      if (when(event)) controller.abort(new InterruptedError('SIGTERM'));
    };
    return runJob(lab.job(archive), newProcess({ signal: controller.signal, onEvent })).catch(
      (error: unknown) => error,
    );
  }

  it('saves what is in flight, and goes on there', async () => {
    lab.server.rules.latencyMs = 5;
    await lab.withArchive(async (archive) => {
      const from = lab.server.requests.length;
      let pages = 0;
      const error = await interrupt(archive, ({ kind }) => kind === 'page' && (pages += 1) === 5);
      expect(error).toMatchObject({ kind: 'interrupted', exitCode: 143 });
      const answered = lab.requestsSince(from).filter(({ endpoint }) => endpoint === 'groups.messages').length;
      const journaled = await lab.expectResumes(nodeDisk, archive);
      expect(journaled.reduce((sum, stream) => sum + stream.pages, 0)).toBe(answered);
    });
  });

  it('may be interrupted again and again, at any page', async () => {
    await lab.withArchive(async (archive) => {
      let cuts = 0;
      for (; ; cuts += 1) {
        const ended = await interrupt(archive, ({ kind }) => kind === 'page');
        if (!(ended instanceof Error)) break;
        expect(ended).toBeInstanceOf(InterruptedError);
      }
      expect(cuts).toBeGreaterThan(3);
      await lab.expectUnbroken(nodeDisk, archive);
    });
  });

  it('ends a pause for the rate limit at once', async () => {
    lab.server.rules.rateLimit = { ...defaultRateLimit, calls: 6 };
    await lab.withArchive(async (archive) => {
      const controller = new AbortController();
      const clock = endlessClock(() => controller.abort(new InterruptedError('SIGINT')));
      const run = runJob(lab.job(archive), newProcess({ signal: controller.signal, clock }));
      await expect(run).rejects.toMatchObject({ exitCode: 130 });
      lab.server.rules.rateLimit = null;
      await lab.expectResumes(nodeDisk, archive);
    });
  });

  it('ends in the middle of loading, too, and then asks the server for nothing more', async () => {
    await lab.withArchive(async (archive) => {
      let read = 0;
      const error = await interrupt(archive, ({ kind }) => kind === 'stream-read' && (read += 1) === 3);
      expect(error).toBeInstanceOf(InterruptedError);
      const from = lab.server.requests.length;
      await lab.expectResumes(nodeDisk, archive);
      expect(lab.requestsSince(from).filter(({ endpoint }) => endpoint === 'groups.messages')).toEqual([]);
    });
  });

  it('is not interrupted any more once it is being published', async () => {
    await lab.withArchive(async (archive) => {
      expect(await interrupt(archive, ({ kind }) => kind === 'publishing')).toMatchObject({ run: 1 });
      await lab.expectUnbroken(nodeDisk, archive);
    });
  });
});

describe('a run of which one half fails', () => {
  it('ends at once, though the other one waits for the rate limit', async () => {
    // The first room is read whole, and so loaded, before the others come to the limit.
    const lab = await CrashLab.open([4, 90, 90], {
      extract: [{ endpoint: 'groups.messages', rooms: ['*'] }],
      sinks: [{ format: 'jsonl' }],
    });
    await lab.unbroken(1);
    lab.server.rules.rateLimit = { ...defaultRateLimit, calls: 12 };
    await lab.withArchive(async (archive) => {
      const run = runJob(lab.job(archive), newProcess({ clock: endlessClock(), disk: diskWithoutTables() }));
      await expect(run).rejects.toThrow(new OutputError('No space for tables'));
      expect(await nodeDisk.list(archive)).toEqual(['_work']);
      lab.server.rules.rateLimit = null;
      await lab.expectResumes(nodeDisk, archive);
    });
    await lab.close();
  });
});
