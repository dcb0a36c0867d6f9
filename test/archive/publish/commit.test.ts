import { dirname } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { sha256 } from '../../../src/archive/hash-file.ts';
import type { Manifest } from '../../../src/archive/manifest/manifest.ts';
import { commit } from '../../../src/archive/publish/commit.ts';
import { publishCompaction } from '../../../src/archive/publish/publish-compaction.ts';
import { prepare } from '../../../src/archive/publish/prepare.ts';
import { stateChange } from '../../../src/archive/state/state-change.ts';
import { OutputError } from '../../../src/errors.ts';
import type { Disk } from '../../../src/system/disk.ts';
import { MemoryDisk } from '../../support/disk/memory-disk.ts';
import { openCompaction } from '../../support/archives/sample-compaction.ts';
import { sampleKey } from '../../support/archives/sample-keys.ts';
import { publishRuns, runPlan, sampleRun } from '../../support/archives/sample-run.ts';

const csv = 'messages/run-000001-0001.csv';
const { contents, workFiles } = sampleRun(1);
const { state } = contents;

async function put(disk: Disk, path: string, bytes: Uint8Array): Promise<void> {
  await disk.makeFolder(dirname(path));
  await (await disk.open(path, 'truncate')).write(bytes);
}

/** The first run, its parts in place, and the manifest that it is to be committed with. */
async function openRun(): Promise<{ readonly disk: MemoryDisk; readonly manifest: Manifest }> {
  const scratch = new MemoryDisk();
  await runPlan(scratch, '/archive', sampleRun(1));
  const manifest = await prepare(scratch, '/archive', contents, { keepRaw: true });
  const disk = new MemoryDisk();
  await runPlan(disk, '/archive', sampleRun(1));
  return { disk, manifest };
}

/** Nothing of a run that could not be committed may look committed: no later run could ever finish it. */
async function expectUncommitted(disk: MemoryDisk, attempt: Promise<unknown>, problem: RegExp): Promise<void> {
  const before = disk.tree();
  await expect(attempt).rejects.toThrow(problem);
  expect(await disk.readFile('/archive/_work/manifest.json')).toBeUndefined();
  expect(disk.tree()).toEqual(before);
}

describe('commit', () => {
  it('commits nothing where the name of a file is taken by other bytes', async () => {
    const { disk, manifest } = await openRun();
    await put(disk, `/archive/${csv}`, Buffer.from('somebody else'));
    const attempt = commit(disk, '/archive', manifest, state);
    await expectUncommitted(disk, attempt, /Cannot publish "\/archive\/messages\/run-000001-0001.csv": the name is/);
    await expect(attempt).rejects.toBeInstanceOf(OutputError);
    const hint = 'Run `verify`: it names what does not belong to the archive';
    await expect(attempt).rejects.toMatchObject({ hint });
  });

  it('goes on where the file is there already with the same bytes: a commit mark was lost behind its rename', async () => {
    const { disk, manifest } = await openRun();
    await put(disk, `/archive/${csv}`, workFiles.get(`_work/parts/${csv}`) ?? Buffer.of());
    await commit(disk, '/archive', manifest, state);
    expect(await disk.readFile('/archive/_work/manifest.json')).toBeDefined();
  });

  it('commits a signed run with its signatures, and none by another key than its manifest names', async () => {
    const { signer } = sampleKey(1);
    const signed = new MemoryDisk();
    await runPlan(signed, '/archive', sampleRun(1));
    const manifest = await prepare(signed, '/archive', contents, { keepRaw: true, signer });
    const bytes = (await signed.readFile('/archive/_work/manifest.json')) ?? Buffer.of();
    const signatures = [...signer.sign(bytes)];
    expect(signatures).not.toEqual([]);
    for (const [ending, signature] of signatures) {
      expect(await signed.readFile(`/archive/_work/manifest.json${ending}`)).toEqual(Buffer.from(signature));
    }
    for (const other of [undefined, sampleKey(2).signer]) {
      const { disk } = await openRun();
      const attempt = commit(disk, '/archive', manifest, state, other);
      await expectUncommitted(disk, attempt, /^Run 1 cannot be signed by another key than it names$/);
    }
  });

  it('commits nothing where the folder of the journals is taken', async () => {
    const { disk, manifest } = await openRun();
    await put(disk, '/archive/_raw/run-000001/other.pages', Buffer.from('x'));
    const attempt = commit(disk, '/archive', manifest, state);
    await expectUncommitted(disk, attempt, /Cannot publish "\/archive\/_raw\/run-000001": the name is taken/);
  });

  it.each([csv, '_manifest/run-000001.json'])(
    'commits nothing where SHA256SUMS has another hash of %s',
    async (path) => {
      const { disk, manifest } = await openRun();
      await put(disk, '/archive/_manifest/SHA256SUMS', Buffer.from(`${sha256('x')}  ${path}\n${sha256('y')}  other\n`));
      await expectUncommitted(
        disk,
        commit(disk, '/archive', manifest, state),
        new RegExp(`"/archive/${path}": the name`),
      );
    },
  );

  it('commits where SHA256SUMS has this very hash: it was published, and the power cut', async () => {
    const { disk, manifest } = await openRun();
    const hash = sha256(workFiles.get(`_work/parts/${csv}`) ?? '');
    await put(disk, '/archive/_manifest/SHA256SUMS', Buffer.from(`${hash}  ${csv}\n`));
    await commit(disk, '/archive', manifest, state);
    expect(await disk.readFile('/archive/_work/manifest.json')).toBeDefined();
  });

  it.each([
    ['is not there', /_work\/parts\/messages\/run-000001-0001.csv": it is not there, expected \d+ bytes/],
    ['is cut', /_work\/parts\/messages\/run-000001-0001.csv": it has 2 bytes, expected \d+ bytes/],
  ])('commits nothing where a part %s', async (what, problem) => {
    const { disk, manifest } = await openRun();
    if (what === 'is cut') await disk.truncate(`/archive/_work/parts/${csv}`, 2);
    else await disk.remove(`/archive/_work/parts/${csv}`);
    const attempt = commit(disk, '/archive', manifest, state);
    await expectUncommitted(disk, attempt, problem);
    const hint = 'Something else changed the folder: run the same command again';
    await expect(attempt).rejects.toMatchObject({ hint });
  });

  it('commits nothing over a run that is committed and not yet published', async () => {
    const { disk, manifest } = await openRun();
    await put(disk, '/archive/_work/manifest.json', Buffer.from('another'));
    await expect(commit(disk, '/archive', manifest, state)).rejects.toThrow(/an earlier one must be finished first/);
    expect((await disk.readFile('/archive/_work/manifest.json'))?.toString()).toBe('another');
  });

  it('refuses what contradicts itself: another state, or two files of one name', async () => {
    const { disk, manifest } = await openRun();
    const longer = { ...state, longestPage: state.longestPage + 1 };
    const later = { ...state, run: 2 };
    for (const [changed, other] of [
      [manifest, longer],
      // The number of the run is not in the bytes of the state.
      [manifest, later],
      [{ ...manifest, state: stateChange(null, longer) }, state],
    ] as const) {
      const attempt = commit(disk, '/archive', changed, other);
      await expectUncommitted(disk, attempt, /^Run 1 cannot be committed with another state than its own/);
    }
    const twice = { ...manifest, files: [...manifest.files, ...manifest.files.slice(0, 1)] };
    await expectUncommitted(disk, commit(disk, '/archive', twice, state), /^Two files have the same name/);
  });

  it('writes no state that the archive has already', async () => {
    const disk = new MemoryDisk();
    await publishRuns(disk, '/archive', 1);
    await runPlan(disk, '/archive', sampleRun(2));
    const same = { ...sampleRun(2).contents, state: { ...state, run: 2 } };
    await prepare(disk, '/archive', same, { keepRaw: false });
    expect(await disk.list('/archive/_work')).toEqual(['manifest.json', 'raw', 'run.json']);
  });

  it('has every part and every journal on the disk before the mark, in whichever folders they are', async () => {
    const { disk, manifest } = await openRun();
    // Sinks and journals flush what they write; nobody has flushed the folders.
    await commit(disk, '/archive', manifest, state);
    await disk.syncFolder('/');
    disk.cutPower();
    for (const [path, bytes] of workFiles) {
      if (path !== '_work/run.json') expect(await disk.readFile(`/archive/${path}`)).toEqual(Buffer.from(bytes));
    }
    expect(await disk.readFile('/archive/_work/manifest.json')).toBeDefined();
  });

  it('commits a compaction, which has no journals', async () => {
    const disk = new MemoryDisk();
    await publishRuns(disk, '/archive', 2);
    const { files } = await openCompaction(disk, '/archive').then((contents) =>
      publishCompaction(disk, '/archive', contents),
    );
    for (const { path } of files) expect(await disk.readFile(`/archive/${path}`)).toBeDefined();
  });

  it('has the parts, the journals and the state on the disk before the mark that says so', async () => {
    const { disk, manifest } = await openRun();
    disk.settle();
    await disk.makeFolder('/archive/_work/parts/new');
    await commit(disk, '/archive', manifest, state);
    disk.cutPower();
    const work = (disk.tree() as { archive: { _work: Record<string, Record<string, object>> } }).archive._work;
    expect(Object.keys(work)).toEqual(['manifest.json', 'parts', 'raw', 'run.json', 'state.json']);
    expect(work['raw']).toMatchObject({ 'b.jsonl': 'journal b of 1' });
    expect(work['parts']?.['messages']).toHaveProperty(['run-000001-0001.csv']);
  });
});
