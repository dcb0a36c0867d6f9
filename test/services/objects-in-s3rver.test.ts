import { createHash } from 'node:crypto';
import { expect, it } from '@jest/globals';
import S3rver from 's3rver';
import { verifyArchive } from '../../src/archive/verify/verify.ts';
import { nodeDisk } from '../../src/system/disk.ts';
import { publishRuns } from '../support/archives/sample-run.ts';
import { pullHere, pushHere, verifyThere } from '../support/storage/push-here.ts';
import { closeAfterEach } from '../support/close-after-each.ts';
import { temporaryFolder } from '../support/disk/temporary-folder.ts';
import { openBucketAt } from '../support/storage/open-bucket.ts';

const onEnd = closeAfterEach();
const inFolder = temporaryFolder();

/** A server of other people's making. It verifies signatures, and has no conditions, checksums, versions or locks. */
async function startS3rver() {
  const server = new S3rver({
    ...{ port: 0, address: '127.0.0.1', silent: true, directory: inFolder('s3rver') },
    configureBuckets: [{ name: 'archives', configs: [] }],
  });
  const { port } = await server.run();
  onEnd(() => server.close());
  const keys = { AWS_ACCESS_KEY_ID: 'S3RVER', AWS_SECRET_ACCESS_KEY: 'S3RVER' };
  return { ...keys, AWS_ENDPOINT_URL: `http://127.0.0.1:${port}` };
}
const hash = (text: string): string => createHash('sha256').update(text).digest('hex');

it('puts, reads, lists and removes objects in s3rver, in parts, too', async () => {
  const bucket = await openBucketAt(await startS3rver());
  const keys: string[] = [];
  const odd = 'messages/room=%D1%8F +&=~(a)!ü.csv';
  await bucket.create(odd, Buffer.from('rows'), hash('rows'));
  expect((await bucket.read(odd))?.bytes.toString()).toBe('rows');
  expect(await bucket.head(odd)).toMatchObject({ sizeBytes: 4, sha256: hash('rows') });
  expect(Buffer.from((await bucket.readRange(odd, 1, 3)) ?? []).toString()).toBe('ow');
  async function* parts(): AsyncGenerator<Uint8Array> {
    yield Promise.resolve(Buffer.alloc(5 << 20, 'a'));
    yield Promise.resolve(Buffer.from('b'));
  }
  await expect(bucket.createOfParts('big', parts(), hash('big'))).resolves.toBe('created');
  expect(await bucket.head('big')).toMatchObject({ sizeBytes: (5 << 20) + 1 });
  for await (const { key } of bucket.list()) keys.push(key);
  expect(keys).toEqual(['big', odd]);
  for (const key of keys) await bucket.remove(key, false);
  expect(await bucket.read(odd)).toBeUndefined();
  expect(await bucket.head(odd)).toBeUndefined();
  expect((await bucket.versions('x').next()).done).toBe(true);
  expect((await bucket.uploads().next()).done).toBe(true);
});

it('pushes, verifies and fetches an archive by s3rver, and says that it knows no conditions', async () => {
  const variables = await startS3rver();
  const archive = inFolder('archive');
  await publishRuns(nodeDisk, archive, 2);
  expect(await pushHere(archive, variables)).toMatchObject({ links: 2, isConditional: false });
  expect(await pushHere(archive, variables)).toMatchObject({ links: 0 });
  expect(await verifyThere(variables)).toMatchObject({ runs: 2, differences: [] });
  await pullHere(variables, inFolder('pulled'));
  expect(await verifyArchive(inFolder('pulled'))).toMatchObject({ runs: 2, differences: [] });
});
