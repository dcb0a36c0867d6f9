import { describe, expect, it } from '@jest/globals';
import { sha256 } from '../../../src/archive/hash-file.ts';
import { manifestPath } from '../../../src/archive/paths.ts';
import { finishPublishing, publish } from '../../../src/archive/publish/publish.ts';
import { prepare } from '../../../src/archive/publish/prepare.ts';
import { serializeSums } from '../../../src/archive/sha256-sums.ts';
import { changeSigningKey, resetState } from '../../../src/archive/stored-state/state-links.ts';
import { verifyArchive } from '../../../src/archive/verify/verify.ts';
import type { VerifyReport } from '../../../src/archive/verify/verify-report.ts';
import { walkFiles } from '../../../src/archive/walk-files.ts';
import { OutputError, UsageError } from '../../../src/errors.ts';
import { keyChangeSigner, type LinkSigner } from '../../../src/signature/link-signer.ts';
import { fingerprintOf } from '../../../src/signature/public-key.ts';
import { sampleKey } from '../../support/archives/sample-keys.ts';
import { publishRuns, runPlan, sampleRun } from '../../support/archives/sample-run.ts';
import { faultDisk } from '../../support/disk/fault-disk.ts';
import { MemoryDisk } from '../../support/disk/memory-disk.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';

const own = sampleKey(1);
const other = sampleKey(2);
const now = '2024-03-02T00:00:00.000Z';

async function signedArchive(runs: number, signer: LinkSigner | null = own.signer): Promise<MemoryDisk> {
  const disk = new MemoryDisk();
  await publishRuns(disk, '/archive', runs, true, signer ?? undefined);
  return disk;
}

const verify = (disk: MemoryDisk, evidence: { publicKey?: string; expect?: string } = {}): Promise<VerifyReport> =>
  verifyArchive('/archive', { disk, ...evidence });

const found = ({ differences }: VerifyReport): readonly string[] =>
  differences.map(({ path, problem }) => `${problem} ${path}`).sort();

async function write(disk: MemoryDisk, path: string, content: Uint8Array | string): Promise<void> {
  await (await disk.open(`/archive/${path}`, 'truncate')).write(Buffer.from(content));
}

async function read(disk: MemoryDisk, path: string): Promise<Buffer> {
  const bytes = await disk.readFile(`/archive/${path}`);
  if (bytes === undefined) throw new Error(`There is no "${path}"`);
  return bytes;
}

/** What one does who can write everything but has no key: changes a row, and makes each sum and link fit again. */
async function forge(disk: MemoryDisk, runs: number): Promise<void> {
  const csv = 'messages/run-000001-0001.csv';
  const before = await read(disk, csv);
  const after = Buffer.from(before.toString().replace('messages 1 0 0', 'messages 1 0 9'));
  expect(after.equals(before)).toBe(false);
  await write(disk, csv, after);
  let [old, changed] = [sha256(before), sha256(after)];
  for (let run = 1; run <= runs; run += 1) {
    const bytes = await read(disk, manifestPath(run));
    await write(disk, manifestPath(run), bytes.toString().replace(old, changed));
    [old, changed] = [sha256(bytes), sha256(await read(disk, manifestPath(run)))];
  }
  const sums = new Map<string, string>();
  for await (const { name, path } of walkFiles(disk, '/archive')) {
    if (name === '_state.json' || name === '_manifest/SHA256SUMS') continue;
    sums.set(name, sha256((await disk.readFile(path)) ?? ''));
  }
  await write(disk, '_manifest/SHA256SUMS', serializeSums(sums));
}

describe('the signatures of an archive', () => {
  it('vouch for the newest link, by the key that was given', async () => {
    const disk = await signedArchive(3);
    expect(await verify(disk, { publicKey: own.publicPem })).toMatchObject({
      differences: [],
      signatures: { links: 3, keys: [fingerprintOf(own.key.publicKey)], isVouchedFor: true },
    });
  });

  it('show consistency only, without a key from elsewhere', async () => {
    const disk = await signedArchive(3);
    expect(await verify(disk)).toMatchObject({ differences: [], signatures: { links: 3, isVouchedFor: false } });
  });

  it('stand in SHA256SUMS', async () => {
    const sums = (await read(await signedArchive(1), '_manifest/SHA256SUMS')).toString();
    expect(sums).toContain('  _manifest/run-000001.json.sig\n');
    expect(sums).toContain('  _manifest/run-000001.json.sshsig\n');
  });

  it('are the same bytes each time', async () => {
    expect((await signedArchive(3)).tree()).toEqual((await signedArchive(3)).tree());
  });

  it('begin with the run that first has a key: it vouches for those before it, by the chain', async () => {
    const disk = await signedArchive(2, null);
    await runPlan(disk, '/archive', sampleRun(3));
    await publish(disk, '/archive', sampleRun(3).contents, { keepRaw: true, signer: own.signer });
    expect(await verify(disk, { publicKey: own.publicPem })).toMatchObject({
      differences: [],
      signatures: { links: 1, isVouchedFor: true },
    });
  });

  it('of another key than that given are a difference of the newest manifest', async () => {
    const report = await verify(await signedArchive(3), { publicKey: other.publicPem });
    expect(found(report)).toEqual(['signature _manifest/run-000003.json']);
  });

  it('that an archive does not have are a difference, where a key is given', async () => {
    const report = await verify(await signedArchive(3, null), { publicKey: own.publicPem });
    expect(found(report)).toEqual(['signature _manifest/run-000003.json']);
    expect(report.signatures).toBeNull();
  });

  it('show an archive that was forged with all its sums, which without them nothing shows', async () => {
    const unsigned = await signedArchive(3, null);
    await forge(unsigned, 3);
    expect(found(await verify(unsigned))).toEqual([]);

    const signed = await signedArchive(3);
    await forge(signed, 3);
    const signatures = [1, 2, 3].flatMap((run) => [
      `signature ${manifestPath(run)}.sig`,
      `signature ${manifestPath(run)}.sshsig`,
    ]);
    expect(found(await verify(signed))).toEqual(signatures);
    expect(found(await verify(signed, { publicKey: own.publicPem }))).toEqual(
      [...signatures, 'signature _manifest/run-000003.json'].sort(),
    );
  });

  it('by the key of the forger do not vouch for anything to whom the true key is given', async () => {
    const disk = await signedArchive(3, other.signer);
    expect(found(await verify(disk))).toEqual([]);
    expect(found(await verify(disk, { publicKey: own.publicPem }))).toEqual(['signature _manifest/run-000003.json']);
  });

  it('that are gone are missed', async () => {
    const disk = await signedArchive(3);
    await disk.remove('/archive/_manifest/run-000002.json.sig');
    expect(found(await verify(disk))).toContain('signature _manifest/run-000002.json.sig');
  });

  it('do not show that the last run was taken away; the hash of its manifest, kept elsewhere, does', async () => {
    const disk = await signedArchive(2);
    const hash = sha256(await read(await signedArchive(3), manifestPath(3)));
    expect(found(await verify(disk, { publicKey: own.publicPem }))).toEqual([]);
    expect(found(await verify(disk, { expect: hash }))).toEqual(['expected _manifest']);
  });

  it('may be older than the archive: any manifest of the chain has the expected hash, and what came after is counted', async () => {
    const disk = await signedArchive(3);
    const hash = sha256(await read(disk, manifestPath(1)));
    expect(await verify(disk, { expect: hash.toUpperCase() })).toMatchObject({
      differences: [],
      expected: { path: '_manifest/run-000001.json', linksAfter: 2 },
    });
  });

  it.each([
    ['publicKey', own.privatePem, /Cannot use the public key: it holds a private key/],
    ['publicKey', 'nothing', /Cannot use the public key: expected a public key as PEM/],
    ['publicKey', '', /Cannot use the public key: expected a public key as PEM/],
    ['expect', 'abc', /Cannot look for a manifest with the SHA-256 "abc", expected 64 hex digits/],
  ])('are not compared with a wrong %s', async (name, value, message) => {
    const attempt = verify(await signedArchive(1), { [name]: value });
    await expect(attempt).rejects.toThrow(message);
    await expect(attempt).rejects.toBeInstanceOf(UsageError);
  });
});

describe('a link behind a signed one', () => {
  it.each([
    ['no key', undefined, /and none is given$/],
    ['another key', other.signer, new RegExp(`the one given has ${fingerprintOf(other.key.publicKey)}$`)],
  ])('is not added with %s', async (_what, signer, message) => {
    const disk = await signedArchive(2);
    const before = disk.tree();
    const attempt = resetState(disk, '/archive', now, () => 'all', signer);
    await expect(attempt).rejects.toThrow(message);
    expect(disk.tree()).toEqual(before);
  });

  it('is not added where the signature is not that of the manifest: it would make a forged archive true', async () => {
    const disk = await signedArchive(2);
    await forge(disk, 2);
    const attempt = resetState(disk, '/archive', now, () => 'all', own.signer);
    await expect(attempt).rejects.toThrow(
      /Cannot continue behind the signature .*run-000002.json.sig": it is not that/,
    );
    await expect(attempt).rejects.toBeInstanceOf(OutputError);
  });

  it('is signed, whichever kind it is of', async () => {
    const disk = await signedArchive(2);
    await resetState(disk, '/archive', now, () => 'all', own.signer);
    expect(await verify(disk, { publicKey: own.publicPem })).toMatchObject({
      differences: [],
      signatures: { links: 3, isVouchedFor: true },
    });
  });

  it.each(quickOrLong(['dies-within'] as const, ['fails', 'dies-within'] as const))(
    'that %s at any step has its signatures once it is committed',
    async (fault) => {
      const runs = new Set<number>();
      for (let step = 1; step < 100; step += quickOrLong(5, 1)) {
        const disk = await signedArchive(1);
        const { disk: faulty } = faultDisk(disk, fault, step);
        const isDone = await resetState(faulty, '/archive', now, () => 'all', own.signer).then(
          () => true,
          () => false,
        );
        expect(found(await verify(disk, { publicKey: own.publicPem }))).toEqual([]);
        await finishPublishing(disk, '/archive');
        const report = await verify(disk, { publicKey: own.publicPem });
        expect(found(report)).toEqual([]);
        runs.add(report.runs);
        if (isDone) break;
      }
      expect([...runs].sort()).toEqual([1, 2]);
    },
  );

  it('is not published with a signature that was changed since its commit', async () => {
    const disk = await signedArchive(1);
    await runPlan(disk, '/archive', sampleRun(2));
    await prepare(disk, '/archive', sampleRun(2).contents, { keepRaw: true, signer: own.signer });
    await write(disk, '_work/manifest.json.sig', Buffer.alloc(64));
    await expect(finishPublishing(disk, '/archive')).rejects.toThrow(
      /manifest.json.sig": found another signature, expected a signature by the key [0-9a-f]{64}$/,
    );
  });
});

describe('a change of the key', () => {
  const handOver = keyChangeSigner(own.key, other.key);
  const changed = async (): Promise<MemoryDisk> => {
    const disk = await signedArchive(1);
    await changeSigningKey(disk, '/archive', now, handOver);
    return disk;
  };

  it('is a link that both keys sign, and either vouches for', async () => {
    const disk = await changed();
    for (const { publicPem } of [own, other]) {
      expect(await verify(disk, { publicKey: publicPem })).toMatchObject({
        runs: 2,
        differences: [],
        signatures: { links: 2, keys: [own, other].map(({ key }) => fingerprintOf(key.publicKey)), isVouchedFor: true },
      });
    }
    for (const ending of ['.sig', '.sshsig', '.previous.sig', '.previous.sshsig'])
      expect(await read(disk, `_manifest/run-000002.json${ending}`)).toBeDefined();
  });

  it('lets the new key sign from then on, and the old one no more', async () => {
    const disk = await changed();
    await expect(resetState(disk, '/archive', now, () => 'all', own.signer)).rejects.toThrow(/is signed by the key/);
    await resetState(disk, '/archive', now, () => 'all', other.signer);
    for (const { publicPem } of [own, other]) {
      expect(await verify(disk, { publicKey: publicPem })).toMatchObject({
        differences: [],
        signatures: { isVouchedFor: true },
      });
    }
  });

  it('is none without the signature of the old key', async () => {
    const disk = await changed();
    await disk.remove('/archive/_manifest/run-000002.json.previous.sig');
    const report = await verify(disk, { publicKey: own.publicPem });
    expect(found(report)).toContain('signature _manifest/run-000002.json.previous.sig');
    expect(found(report)).toContain('signature _manifest/run-000002.json');
  });

  it('is refused for an archive that is not signed, or by another key', async () => {
    const unsigned = await signedArchive(1, null);
    await expect(changeSigningKey(unsigned, '/archive', now, handOver)).rejects.toThrow(
      /its newest link is not signed$/,
    );
    const others = await signedArchive(1, other.signer);
    await expect(changeSigningKey(others, '/archive', now, handOver)).rejects.toThrow(/is signed by the key/);
    await expect(changeSigningKey(new MemoryDisk(), '/archive', now, handOver)).rejects.toBeInstanceOf(UsageError);
  });
});
