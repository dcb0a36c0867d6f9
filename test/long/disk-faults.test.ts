import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { archivePaths } from '../../src/archive/paths.ts';
import { type Disk, nodeDisk } from '../../src/system/disk.ts';
import { OutputError } from '../../src/errors.ts';
import { runJob } from '../../src/pipeline.ts';
import { faultDisk, type Fault } from '../support/disk/fault-disk.ts';
import { MemoryDisk } from '../support/disk/memory-disk.ts';
import { archiveContents } from '../support/archives/archive-contents.ts';
import { CrashLab } from '../support/runs/crash-lab.ts';
import { newProcess } from '../support/runs/new-process.ts';
import { post } from '../support/workspaces/three-rooms.ts';
import { firstOfEveryOther } from '../support/every-other.ts';

/** Runs until the fault at `step` ends it; answers whether it came to that step at all. */
async function cutAt(lab: CrashLab, archive: string, real: Disk, fault: Fault, step: number): Promise<boolean> {
  const broken = faultDisk(real, fault, step);
  const ended = await runJob(lab.job(archive), newProcess({ disk: broken.disk })).catch((error: unknown) => error);
  if (ended instanceof Error) expect(ended).toBeInstanceOf(OutputError);
  return broken.steps() >= step;
}

/** At every second step: what holds at one and not at the next would be found by another run of the suite. */
async function cutAtEveryOtherStep(
  lab: CrashLab,
  fault: Fault,
  expectEnd = async (archive: string): Promise<unknown> => lab.expectResumes(nodeDisk, archive),
): Promise<number> {
  for (let step = 1 + firstOfEveryOther(); ; step += 2) {
    const reached = await lab.withArchive(async (archive) => {
      const came = await cutAt(lab, archive, nodeDisk, fault, step);
      if (came) await expectEnd(archive);
      return came;
    });
    if (!reached) return step - 1;
  }
}

describe('a first run, cut at every other step', () => {
  let lab: CrashLab;
  beforeAll(async () => {
    lab = await CrashLab.open([34, 14, 8], { transform: { tables: ['messages', 'rooms'] }, raw: 'keep' });
  });
  afterAll(() => lab.close());

  it('goes on after a disk that failed once, with the step half done', async () => {
    expect(await cutAtEveryOtherStep(lab, 'fails-within')).toBeGreaterThan(80);
  });

  it('goes on after dying with the step half done', async () => {
    expect(await cutAtEveryOtherStep(lab, 'dies-within')).toBeGreaterThan(80);
  });

  it('goes on after a power cut, with only what was flushed by then', async () => {
    const archive = '/srv/archive';
    for (let step = 1 + firstOfEveryOther(); ; step += 2) {
      const memory = new MemoryDisk();
      await memory.makeFolder('/srv');
      memory.settle();
      if (!(await cutAt(lab, archive, memory, 'dies-before', step))) break;
      memory.cutPower();
      await lab.expectResumes(memory, archive);
    }
  });
});

describe('a first run through the history of its rooms, cut at every other step', () => {
  it('goes on after dying with the step half done', async () => {
    const lab = await CrashLab.open([45, 20, 12], {
      extract: [{ endpoint: 'groups.messages', rooms: ['*'], via: 'history', pageSize: 7 }],
      transform: { tables: ['messages'] },
      sinks: [{ format: 'jsonl' }],
    });
    expect(await cutAtEveryOtherStep(lab, 'dies-within')).toBeGreaterThan(40);
    await lab.close();
  });
});

describe('a second run, cut at every other step', () => {
  let lab: CrashLab;
  let tablesOfUnbroken: Readonly<Record<string, string>>;

  /** Without the state: a cut run may name more messages that it took than an unbroken one has to. */
  async function tablesOf(archive: string): Promise<Readonly<Record<string, string>>> {
    const { files } = await archiveContents(nodeDisk, archive);
    return { ...files, [archivePaths.state]: 'there' };
  }

  beforeAll(async () => {
    lab = await CrashLab.open([120, 20, 12], {
      extract: [{ endpoint: 'groups.messages', rooms: ['*'] }],
      transform: { tables: ['messages'] },
      sinks: [{ format: 'jsonl' }],
    });
    await lab.runForThePast();
    // So close to the last ones that the second run meets messages of the first one again.
    post(lab.workspace, 'alpha', 40);
    post(lab.workspace, 'gamma', 3);
    tablesOfUnbroken = await lab.withArchive(async (archive) => {
      await runJob(lab.job(archive), newProcess());
      return tablesOf(archive);
    });
  });
  afterAll(() => lab.close());

  it('takes what is new exactly once', async () => {
    const steps = await cutAtEveryOtherStep(lab, 'dies-within', async (archive) => {
      await runJob(lab.job(archive), newProcess());
      expect(await tablesOf(archive)).toEqual(tablesOfUnbroken);
    });
    expect(steps).toBeGreaterThan(40);
  });
});
