import { cpSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { StoppedError } from '../../../src/errors.ts';
import { nodeDisk } from '../../../src/system/disk.ts';
import { sampleKey } from '../../support/archives/sample-keys.ts';
import { publishRuns } from '../../support/archives/sample-run.ts';
import { temporaryFolder } from '../../support/disk/temporary-folder.ts';
import { failure } from '../../support/failure.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';
import { verifyBucket } from '../../../src/storage/read/verify-bucket.ts';
import { openBucketAt } from '../../support/storage/open-bucket.ts';
import { pushHere, verifyThere } from '../../support/storage/push-here.ts';
import { startedStores } from '../../support/storage/started-store.ts';
import type { StoredObjects } from '../../support/storage/stored-objects.ts';

const longIt = quickOrLong(it.skip, it);

const inFolder = temporaryFolder();
const storeWith = startedStores();
const { signer, publicPem } = sampleKey(1);
let archives = 0;

async function pushed(options = {}) {
  const store = await storeWith({ pageSize: 4, ...options });
  const archive = inFolder(`archive-${++archives}`);
  await publishRuns(nodeDisk, archive, 3, true, signer);
  await pushHere(archive, store.variables);
  const objects: StoredObjects = store.bucket('archives');
  return { store, archive, objects };
}
const flip = (objects: StoredObjects, key: string): void => {
  const bytes = Buffer.from(objects.current(`nightly/${key}`)?.bytes ?? '');
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
  objects.put(`nightly/${key}`, bytes, {});
};

describe('verify of an archive in an object store', () => {
  it('finds all as the manifests say, with its key and the hash of a manifest', async () => {
    const { store } = await pushed();
    const report = await verifyBucket(await openBucketAt(store.variables), { publicKey: publicPem });
    expect(report).toMatchObject({ runs: 3, differences: [], signatures: { isVouchedFor: true } });
  });

  it('finds a bit that was changed anywhere', async () => {
    const { store, objects } = await pushed();
    const changes = [
      ['messages', 'sha256'],
      ['_manifest/run-000003.json.sig', 'signature'],
      ['_raw', 'sha256'],
      ['_manifest/run-000002.json', 'sums'],
      ['_manifest/SHA256SUMS', 'sums'],
      ['_state.json', 'state'],
    ] as const;
    // What finds them is the same as in a folder: test/archive/verify.
    for (const [name, problem] of changes.slice(0, quickOrLong(1, changes.length))) {
      const key = [...objects.versions.keys()].find((one) => one.startsWith(`nightly/${name}`)) ?? '';
      const whole = Buffer.from(objects.current(key)?.bytes ?? '');
      flip(objects, key.slice('nightly/'.length));
      const { differences } = await verifyThere(store.variables);
      const problems = differences.map((found) => (found.problem === 'unreadable' ? problem : found.problem));
      expect([name, problems]).toEqual([name, expect.arrayContaining([problem])]);
      objects.put(key, whole, {});
    }
  });

  it('finds what is missing, and what somebody put there', async () => {
    const now = Date.now();
    let at = now;
    const { store, objects } = await pushed({ now: () => at });
    at = now - 2 * 86_400_000;
    objects.put('nightly/messages/run-000099-0001.csv', Buffer.from('forged'), {});
    at = now;
    const found = [...objects.versions.keys()].find((key) => key.startsWith('nightly/messages/')) ?? '';
    objects.versions.delete(found);
    objects.put('nightly/messages/run-000098-0001.csv', Buffer.from('young'), {});
    const { differences, notes } = await verifyThere(store.variables);
    expect(differences.map(({ path, problem }) => [path, problem])).toEqual([
      [found.slice('nightly/'.length), 'missing'],
      ['messages/run-000099-0001.csv', 'stray'],
    ]);
    expect(notes.join()).toContain('1 objects are in no manifest');
  });

  it('does not take a push that ends meanwhile for a file that is missing, whatever request is late', async () => {
    let late = Number.POSITIVE_INFINITY;
    let meanwhile = (): Promise<unknown> => Promise.resolve();
    const store = await storeWith({
      delay: async (at) => {
        if (at !== late) return;
        late = Number.POSITIVE_INFINITY;
        await meanwhile();
      },
    });
    const older = inFolder('older');
    await publishRuns(nodeDisk, older, 2, false, signer);
    const newer = inFolder('newer');
    cpSync(older, newer, { recursive: true });
    await publishRuns(nodeDisk, newer, 3, false, signer, 3);
    await pushHere(older, store.variables);
    const { versions } = store.bucket('archives');
    const pushedOnce = [...versions];
    let pushes = 0;
    for (let at = 1, tried = 0; pushes === tried; at += quickOrLong(13, 1), tried += 1) {
      const to = `s3://archives/at-${at}`;
      for (const [key, all] of pushedOnce) versions.set(key.replace('nightly/', `at-${at}/`), [...all]);
      meanwhile = () => pushHere(newer, store.variables, { to }).then(() => (pushes += 1));
      late = store.requests.length + at;
      const found = await verifyThere(store.variables, to).catch((error: unknown) => error);
      if (found instanceof StoppedError) expect(found.message).toContain(`"${to}": a run was published meanwhile`);
      else expect(found).toMatchObject({ differences: [] });
    }
    expect(pushes).toBeGreaterThan(quickOrLong(1, 2));
  });

  longIt('finds a manifest that was taken away from the middle', async () => {
    const { store, objects } = await pushed();
    objects.versions.delete('nightly/_manifest/run-000002.json');
    expect((await verifyThere(store.variables)).differences.map(({ problem }) => problem)).toContain('missing');
  });

  it('ends with 64 where there is no archive', async () => {
    const store = await storeWith();
    expect(await failure(verifyThere(store.variables))).toMatchObject({ exitCode: 64 });
  });
});
