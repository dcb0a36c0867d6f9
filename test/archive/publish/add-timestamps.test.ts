import { describe, expect, it } from '@jest/globals';
import { sha256 } from '../../../src/archive/hash-file.ts';
import { addTimestamps } from '../../../src/archive/publish/add-timestamps.ts';
import { verifyArchive } from '../../../src/archive/verify/verify.ts';
import { UnreachableError } from '../../../src/errors.ts';
import { linkSigner } from '../../../src/signature/link-signer.ts';
import { sampleKey } from '../../support/archives/sample-keys.ts';
import { publishRuns, runPlan, sampleRun } from '../../support/archives/sample-run.ts';
import { publish } from '../../../src/archive/publish/publish.ts';
import { replaceFile } from '../../../src/system/disk.ts';
import { MemoryDisk } from '../../support/disk/memory-disk.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';

const signer = linkSigner(sampleKey(1).key, true);
const nonce = (): Uint8Array => Buffer.alloc(8, 7);
const publicKey = sampleKey(1).publicPem;

/** An element of DER, of any length below 64 kB. */
function element(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  return Buffer.concat([Buffer.from([tag, ...(length < 128 ? [length] : [0x82, length >> 8, length & 255])]), content]);
}

/** What an authority without a key would answer: all but the signature. */
function answer(query: Uint8Array): Buffer {
  const bytes = Buffer.from(query);
  const [imprint, number] = [bytes.subarray(5, 56), bytes.subarray(56, 66)];
  const oid = Buffer.from([6, 1, 42]);
  const version = Buffer.from([2, 1, 1]);
  const info = element(0x30, version, oid, imprint, version, element(0x18, Buffer.from('20260102030405.6Z')), number);
  const content = element(0x30, oid, element(0xa0, element(4, info)));
  const signed = element(0x30, version, element(0x31), content);
  return element(0x30, element(0x30, Buffer.from([2, 1, 0])), element(0x30, oid, element(0xa0, signed)));
}

async function archive(runs: number): Promise<MemoryDisk> {
  const disk = new MemoryDisk();
  await publishRuns(disk, '/archive', runs, true, signer);
  return disk;
}

const found = async (disk: MemoryDisk): Promise<readonly string[]> =>
  (await verifyArchive('/archive', { disk, publicKey })).differences.map(({ path, problem }) => `${problem} ${path}`);

const ask = (query: Uint8Array): Promise<Buffer> => Promise.resolve(answer(query));

describe('time stamps', () => {
  it('lie beside the manifests, stand in SHA256SUMS, and say when', async () => {
    const disk = await archive(2);
    await addTimestamps(disk, '/archive', ask, nonce);
    const { differences, notes } = await verifyArchive('/archive', { disk, publicKey });
    expect(differences).toEqual([]);
    expect(notes.filter((note) => note.includes('2026-01-02T03:04:05.6Z'))).toHaveLength(2);
    expect(String(await disk.readFile('/archive/_manifest/SHA256SUMS'))).toContain('_manifest/run-000002.json.tsr\n');
  });

  it('that do not come are asked for by the next run, and what was there stays', async () => {
    const disk = await archive(1);
    const before = disk.tree();
    const away = (): Promise<never> => Promise.reject(new UnreachableError('away'));
    await expect(addTimestamps(disk, '/archive', away, nonce)).rejects.toThrow('away');
    expect(disk.tree()).toEqual(before);
    expect((await verifyArchive('/archive', { disk })).notes).toContain(
      '_manifest/run-000001.json has no time stamp: the next run asks again',
    );
    await runPlan(disk, '/archive', sampleRun(2));
    await publish(disk, '/archive', sampleRun(2).contents, { keepRaw: true, signer });
    await addTimestamps(disk, '/archive', ask, nonce);
    expect(await found(disk)).toEqual([]);
    for (const run of [1, 2]) expect(await disk.readFile(`/archive/_manifest/run-00000${run}.json.tsr`)).toBeDefined();
  });

  it.each([
    ['what somebody planted', () => Buffer.from('garbage')],
    ['one that is cut', (whole: Buffer) => whole.subarray(0, -20)],
    ['one of another link', () => answer(Buffer.alloc(66, 5))],
  ])('are asked for where there is no more than %s', async (_what, instead) => {
    const disk = await archive(1);
    await addTimestamps(disk, '/archive', ask, nonce);
    const path = '/archive/_manifest/run-000001.json.tsr';
    const whole = Buffer.from((await disk.readFile(path)) ?? []);
    await replaceFile(disk, path, instead(whole));
    await addTimestamps(disk, '/archive', ask, nonce);
    expect(Buffer.from((await disk.readFile(path)) ?? []).equals(whole)).toBe(true);
    expect(await found(disk)).toEqual([]);
  });

  it.each([
    [
      'of another query',
      (query: Uint8Array) => answer(Buffer.concat([query.subarray(0, 60), Buffer.alloc(10, 9)])),
      /it is of another query$/,
    ],
    ['a page', () => Buffer.from('<html>'), /it is no answer of a time stamping authority$/],
  ])('are not taken from an answer that is %s', async (_what, reply, message) => {
    const disk = await archive(1);
    const attempt = addTimestamps(disk, '/archive', (query) => Promise.resolve(reply(query)), nonce);
    await expect(attempt).rejects.toThrow(message);
    expect(await found(disk)).toEqual([]);
  });

  it('that a cut left out of SHA256SUMS are no difference, and listed by the next run', async () => {
    const disk = await archive(1);
    const sums = (await disk.readFile('/archive/_manifest/SHA256SUMS')) ?? Buffer.of();
    await addTimestamps(disk, '/archive', ask, nonce);
    await (await disk.open('/archive/_manifest/SHA256SUMS', 'truncate')).write(sums);
    expect(await found(disk)).toEqual([]);
    await addTimestamps(disk, '/archive', () => Promise.reject(new Error('It is there')), nonce);
    expect(String(await disk.readFile('/archive/_manifest/SHA256SUMS'))).toContain('.json.tsr\n');
  });

  it('that a kill left half written are no difference, and go with the next one', async () => {
    const disk = await archive(1);
    const half = '/archive/_manifest/run-000001.json.tsr.tmp';
    await (await disk.open(half, 'truncate')).write(Buffer.from('half'));
    expect(await found(disk)).toEqual([]);
    await addTimestamps(disk, '/archive', ask, nonce);
    expect(await disk.readFile(half)).toBeUndefined();
    await (await disk.open('/archive/_manifest/run-000009.json.tsr.tmp', 'truncate')).write(Buffer.from('half'));
    expect(await found(disk)).toEqual(['stray _manifest/run-000009.json.tsr.tmp']);
  });

  it('of which one byte was changed, or that are gone or another one’s, are found', async () => {
    const disk = await archive(2);
    await addTimestamps(disk, '/archive', ask, nonce);
    const path = '_manifest/run-000001.json.tsr';
    const bytes = Buffer.from((await disk.readFile(`/archive/${path}`)) ?? '');
    for (let at = 0; at < bytes.length; at += quickOrLong(7, 1)) {
      const changed = Buffer.from(bytes);
      changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
      const copy = disk.copy();
      await (await copy.open(`/archive/${path}`, 'truncate')).write(changed);
      const { differences } = await verifyArchive('/archive', { disk: copy });
      expect([at, JSON.stringify(differences).includes(path)]).toEqual([at, true]);
    }
    await disk.remove(`/archive/${path}`);
    const { differences } = await verifyArchive('/archive', { disk });
    expect(JSON.stringify(differences)).toContain(`${sha256(bytes)}  ${path}`);
  });
});
