import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { nodeDisk } from '../../src/system/disk.ts';
import { CrashLab } from '../support/runs/crash-lab.ts';
import { askedAgain, journaledStreams } from '../support/archives/journaled-pages.ts';
import { startProgram, writeJobFile } from '../support/program/built-program.ts';

function mount(...args: readonly string[]): boolean {
  return spawnSync('mount', args).status === 0;
}

/** A file system of its own in memory; undefined where this user may not mount any. */
const folder = await mkdtemp(join(tmpdir(), 'rocketchat-export-disk-'));
const mounted = mount('-t', 'tmpfs', '-o', 'size=600k', 'tmpfs', folder);
afterAll(async () => {
  if (mounted) spawnSync('umount', [folder]);
  await rm(folder, { recursive: true });
});

const onMounted = mounted ? describe : describe.skip;

onMounted('a disk that is full or read-only (skipped where mounting a tmpfs is not allowed)', () => {
  let lab: CrashLab;
  beforeAll(async () => {
    lab = await CrashLab.open([1_500, 900, 300], {}, { cap: 50 }, Date.now());
  });
  afterAll(() => lab.close());

  it('ends the run with 73 and what to do; with more room it goes on', async () => {
    const archive = join(folder, 'full');
    const jobFile = await writeJobFile(`${archive}.yaml`, lab.job(archive));
    const full = await startProgram(jobFile).ended;
    expect(full.code).toBe(73);
    expect(full.stderr).toContain('ENOSPC');
    expect(full.stderr).toContain('Free some space and run the same command again');
    const journaled = await journaledStreams(nodeDisk, archive);
    expect(journaled.some(({ pages }) => pages > 0)).toBe(true);
    expect(await nodeDisk.list(archive)).toEqual(['_work']);

    expect(mount('-o', 'remount,size=64m', folder)).toBe(true);
    const from = lab.server.requests.length;
    expect(await startProgram(jobFile).ended).toMatchObject({ code: 0 });
    expect(askedAgain(journaled, lab.requestsSince(from))).toEqual([]);
    await lab.expectUnbroken(nodeDisk, archive);
  });

  it('ends the run with 73 when nothing may be written', async () => {
    const archive = join(folder, 'read-only');
    const jobFile = await writeJobFile(`${archive}.yaml`, lab.job(archive));
    const asked = lab.server.requests.length;
    expect(mount('-o', 'remount,ro', folder)).toBe(true);
    const refused = await startProgram(jobFile).ended;
    expect(mount('-o', 'remount,rw', folder)).toBe(true);
    expect(refused.code).toBe(73);
    expect(refused.stderr).toContain('read-only: name another place');
    // It has not even asked the server.
    expect(lab.server.requests).toHaveLength(asked);
  });
});
