import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { finishPublishing, publish } from '../../../src/archive/publish/publish.ts';
import { prepare } from '../../../src/archive/publish/prepare.ts';
import { OutputError } from '../../../src/errors.ts';
import { replaceFile } from '../../../src/system/disk.ts';
import { memoryCopy } from '../../support/disk/memory-copy.ts';
import { MemoryDisk } from '../../support/disk/memory-disk.ts';
import { parseState } from '../../../src/archive/state/state-schema.ts';
import { verifyArchive } from '../../../src/archive/verify/verify.ts';
import { publishRuns, runPlan, sampleRun } from '../../support/archives/sample-run.ts';

const archive = '/archive';
/** Three runs of the first program: their manifests are of format version 1. */
const firstProgram = join(import.meta.dirname, '../../fixtures/version-1/published');
const csv = 'messages/run-000001-0001.csv';
const mark = join(archive, '_work/manifest.json');

/** The first run, committed and not yet published. */
async function committed(keepRaw = true): Promise<MemoryDisk> {
  const disk = new MemoryDisk();
  await disk.makeFolder(archive);
  await runPlan(disk, archive, sampleRun(1));
  await prepare(disk, archive, sampleRun(1).contents, { keepRaw });
  return disk;
}

const put = (disk: MemoryDisk, path: string, text: string) => replaceFile(disk, join(archive, path), text);

describe('a committed run that cannot be published', () => {
  it.each<readonly [string, (disk: MemoryDisk) => Promise<unknown>, RegExp, string]>([
    [
      'a name is taken by another file',
      async (disk) => {
        await disk.makeFolder(`${archive}/messages`);
        await put(disk, csv, 'somebody else');
      },
      /^Cannot publish "\/archive\/messages\/run-000001-0001.csv": the name is taken by another file \(SHA-256 \w{64}, expected \w{64}\)$/,
      'Move "/archive/messages/run-000001-0001.csv" elsewhere and run the same command again',
    ],
    [
      'a finished file is gone',
      (disk) => disk.remove(`${archive}/_work/parts/${csv}`),
      /^Cannot publish ".*0001.csv": the finished file "\/archive\/_work\/parts\/messages\/run-000001-0001.csv" is gone$/,
      `Restore "/archive/_work/parts/${csv}" from a backup, or remove "${mark}" to have the files made again`,
    ],
    [
      'its manifest’s name is taken',
      async (disk) => {
        await disk.makeFolder(`${archive}/_manifest`);
        await put(disk, '_manifest/run-000001.json', '{}');
      },
      /^Cannot publish "\/archive\/_manifest\/run-000001.json": another manifest has its name$/,
      'Run `verify`: it names what does not belong to the archive',
    ],
    [
      'its state is gone',
      (disk) => disk.remove(`${archive}/_work/state.json`),
      /^Cannot publish "\/archive\/_state.json": the state in "\/archive\/_work\/state.json" is gone$/,
      `Restore "/archive/_work/state.json" from a backup, or remove "${mark}" to have the run end again`,
    ],
    [
      'its state is damaged',
      (disk) => put(disk, '_work/state.json', '{}'),
      /^Cannot publish "\/archive\/_state.json": the state in "\/archive\/_work\/state.json" is damaged$/,
      `Restore "/archive/_work/state.json" from a backup, or remove "${mark}" to have the run end again`,
    ],
    [
      'the journals that it keeps are gone',
      (disk) => disk.remove(`${archive}/_work/raw`),
      /^Cannot keep the journals in "\/archive\/_raw\/run-000001": "\/archive\/_work\/raw" and "\/archive\/_work\/journal" are gone$/,
      'Restore "/archive/_work/raw" from a backup and run the same command again',
    ],
  ])('says what is wrong and what to do, and stays committed: %s', async (_, damage, message, hint) => {
    const disk = await committed();
    await damage(disk);
    for (let attempts = 0; attempts < 2; attempts += 1) {
      const attempt = finishPublishing(disk, archive);
      await expect(attempt).rejects.toBeInstanceOf(OutputError);
      await expect(attempt).rejects.toThrow(message);
      await expect(attempt).rejects.toMatchObject({ hint });
    }
    expect(await disk.readFile(mark)).toBeDefined();
  });
});

describe('a run of the first program that was cut while it was published', () => {
  it('is brought to its end, with its state, which its manifest holds whole', async () => {
    const disk = await memoryCopy(firstProgram, archive);
    const published = disk.tree();
    const state = await disk.readFile(`${archive}/_state.json`);
    await disk.makeFolder(`${archive}/_work`);
    await disk.rename(`${archive}/_manifest/run-000003.json`, mark);
    await put(disk, '_state.json', 'of the run before');
    expect((await finishPublishing(disk, archive))?.run).toBe(3);
    expect({ ...(await verifyArchive(archive, { disk })) }).toMatchObject({ runs: 3, differences: [] });
    // As this program writes it.
    const found = await disk.readFile(`${archive}/_state.json`);
    expect(parseState(found ?? Buffer.of()).state).toEqual(parseState(state ?? Buffer.of()).state);
    await put(disk, '_state.json', String(state));
    expect(disk.tree()).toEqual(published);
  });
});

describe('SHA256SUMS', () => {
  it('keeps its lines, whether or not what they are of can still be read', async () => {
    const disk = new MemoryDisk();
    await publishRuns(disk, archive, 2);
    await runPlan(disk, archive, sampleRun(3));
    await prepare(disk, archive, sampleRun(3).contents, { keepRaw: true });
    await disk.remove(`${archive}/_manifest/run-000001.json`);
    await finishPublishing(disk, archive);
    const sums = String(await disk.readFile(`${archive}/_manifest/SHA256SUMS`));
    for (const run of [1, 2, 3]) expect(sums).toContain(`  _manifest/run-00000${run}.json\n`);
  });
});

describe('the journals of a published run', () => {
  it('are kept as far as the manifest names them, where an earlier build was cut behind its commit', async () => {
    const kept = async (keepRaw: boolean) => {
      const disk = await committed(keepRaw);
      const wrote = `${archive}/_work/journal`;
      if (keepRaw) await disk.rename(`${archive}/_work/raw`, wrote);
      else await disk.makeFolder(wrote);
      await replaceFile(disk, `${wrote}/c.jsonl`, 'not kept');
      await finishPublishing(disk, archive);
      const raw = `${archive}/_raw/run-000001`;
      return [(await disk.list(raw))?.toSorted(), await disk.list(`${raw}/groups.messages`)];
    };
    expect(await kept(true)).toEqual([['b.jsonl', 'groups.messages'], ['a.jsonl']]);
    expect(await kept(false)).toEqual([undefined, undefined]);
  });
});

describe('where nothing is committed', () => {
  it('nothing is published, an open run keeps its files, and an empty `_work` goes', async () => {
    const disk = new MemoryDisk();
    await disk.makeFolder(archive);
    expect(await finishPublishing(disk, archive)).toBeUndefined();
    await runPlan(disk, archive, sampleRun(1));
    const open = disk.tree();
    expect(await finishPublishing(disk, archive)).toBeUndefined();
    expect(disk.tree()).toEqual(open);
    await disk.remove(`${archive}/_work`);
    await disk.makeFolder(`${archive}/_work`);
    expect(await finishPublishing(disk, archive)).toBeUndefined();
    expect(await disk.list(archive)).toEqual([]);
  });

  it('a run can be published at once', async () => {
    const disk = new MemoryDisk();
    await disk.makeFolder(archive);
    await runPlan(disk, archive, sampleRun(1));
    const manifest = await publish(disk, archive, sampleRun(1).contents, { keepRaw: false });
    expect([manifest.run, await disk.list(archive)]).toEqual([
      1,
      expect.not.arrayContaining(['_work', '_raw']) as unknown,
    ]);
  });
});
