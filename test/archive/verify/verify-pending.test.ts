import { beforeAll, describe, expect, it } from '@jest/globals';
import { manifestPath } from '../../../src/archive/paths.ts';
import { publishCompaction } from '../../../src/archive/publish/publish-compaction.ts';
import { finishPublishing } from '../../../src/archive/publish/publish.ts';
import { verifyArchive } from '../../../src/archive/verify/verify.ts';
import { walkFiles } from '../../../src/archive/walk-files.ts';
import { OutputError } from '../../../src/errors.ts';
import { replaceFile } from '../../../src/system/disk.ts';
import { openCompaction } from '../../support/archives/sample-compaction.ts';
import { sampleKey } from '../../support/archives/sample-keys.ts';
import { publishRuns } from '../../support/archives/sample-run.ts';
import { MemoryDisk } from '../../support/disk/memory-disk.ts';

const archive = '/archive';
const mark = `${archive}/_work/manifest.json`;
const owner = sampleKey(1);

let signed: MemoryDisk;
/** The same, once its owner has compacted it. */
let compacted: MemoryDisk;
beforeAll(async () => {
  signed = new MemoryDisk();
  await publishRuns(signed, archive, 2, true, owner.signer);
  compacted = signed.copy();
  await publishCompaction(compacted, archive, await openCompaction(compacted, archive), owner.signer);
});

async function read(disk: MemoryDisk, path: string): Promise<Buffer> {
  const bytes = await disk.readFile(`${archive}/${path}`);
  if (bytes === undefined) throw new Error(`There is no "${path}"`);
  return bytes;
}

interface Claim {
  /** Which files vouch for it. */
  readonly signatures?: readonly string[];
  readonly change?: (manifest: string) => string;
}

/** An archive in which something says that the compaction is being published. */
async function claimed({ signatures = ['.sig', '.sshsig'], change = (text) => text }: Claim): Promise<MemoryDisk> {
  const disk = signed.copy();
  await openCompaction(disk, archive);
  const manifest = (await read(compacted, manifestPath(3))).toString();
  await replaceFile(disk, `${archive}/_work/state.json`, await read(compacted, '_state.json'));
  for (const ending of signatures)
    await replaceFile(disk, `${mark}${ending}`, await read(compacted, `${manifestPath(3)}${ending}`));
  await replaceFile(disk, mark, change(manifest));
  return disk;
}

async function found(disk: MemoryDisk): Promise<readonly string[]> {
  const { differences } = await verifyArchive(archive, { disk, publicKey: owner.publicPem });
  return differences.map(({ path, problem }) => `${problem} ${path}`).sort();
}

async function contents(disk: MemoryDisk): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  for await (const { name, path } of walkFiles(disk, archive)) files.set(name, String(await disk.readFile(path)));
  return files;
}

type Fields = Readonly<Record<string, unknown>>;

/** @param fields to have in place of its own */
function unsigned(text: string, fields: Fields = {}): string {
  const { signer, ...others } = JSON.parse(text) as Fields;
  expect(signer).toBeDefined();
  return JSON.stringify({ ...others, ...fields });
}

const forgeries: readonly (readonly [string, Claim, readonly string[]])[] = [
  [
    'has no signatures',
    { signatures: [] },
    ['signature _work/manifest.json.sig', 'signature _work/manifest.json.sshsig'],
  ],
  [
    'was changed behind its signatures',
    { change: (text) => text.replace('Files of', 'files of') },
    ['signature _work/manifest.json.sig', 'signature _work/manifest.json.sshsig'],
  ],
  ['says that nobody signs', { signatures: [], change: (text) => unsigned(text) }, ['signature _work/manifest.json']],
  [
    'follows another link',
    {
      signatures: [],
      change: (text) => unsigned(text, { previous: { path: manifestPath(2), sha256: 'beef'.repeat(16) } }),
    },
    ['chain _work/manifest.json', 'signature _work/manifest.json'],
  ],
];

describe('a link of a signed archive that seems to be published just now', () => {
  it('is left out where its owner committed it, and finished by the next run', async () => {
    const disk = await claimed({});
    expect(await found(disk)).toEqual([]);
    await finishPublishing(disk, archive);
    expect(await found(disk)).toEqual([]);
    expect(await read(disk, manifestPath(3))).toEqual(await read(compacted, manifestPath(3)));
  });

  it('hides no file that is gone before all of the link is in its place', async () => {
    const disk = await claimed({});
    await disk.remove(`${archive}/messages/run-000001-0001.csv`);
    expect(await found(disk)).toEqual(['missing messages/run-000001-0001.csv']);
  });

  it('hides no file of its own that is gone, or another', async () => {
    const disk = await claimed({});
    const part = `${archive}/_work/parts/messages/run-000003-0001.csv`;
    await replaceFile(disk, part, 'forged');
    expect(await found(disk)).toEqual(['missing messages/run-000003-0001.csv']);
    await disk.remove(part);
    expect(await found(disk)).toEqual(['missing messages/run-000003-0001.csv']);
  });

  it('leaves out no link that is published, though its signatures were taken away', async () => {
    const disk = signed.copy();
    await disk.makeFolder(`${archive}/_work`);
    await replaceFile(disk, mark, await read(disk, manifestPath(2)));
    await disk.remove(`${archive}/${manifestPath(2)}.sig`);
    expect(await found(disk)).toContain('signature _work/manifest.json.sig');
  });

  it.each(forgeries)('is a difference where it %s', async (_, claim, differences) => {
    expect(await found(await claimed(claim))).toEqual(differences);
  });

  it.each(forgeries)('is not finished by the next run where it %s, and nothing is moved', async (_, claim) => {
    const disk = await claimed(claim);
    const before = await contents(disk);
    await expect(finishPublishing(disk, archive)).rejects.toThrow(OutputError);
    expect(await contents(disk)).toEqual(before);
  });
});
