import { join } from 'node:path';
import { replaceFile, type Disk } from '../../system/disk.ts';
import { UnreachableError } from '../../errors.ts';
import { readTimestamp, timestampQuery } from '../../signature/timestamp.ts';
import { sha256 } from '../hash-file.ts';
import { readChainBack } from '../manifest/read-chain.ts';
import { archivePaths, timestampPath } from '../paths.ts';
import { replaceIfOther } from './replace-if-other.ts';
import { parseSums, serializeSums } from '../sha256-sums.ts';

/** An authority that was away for longer stamps the newest links only: what stamps one stamps all before it. */
const mostLinks = 10;

/**
 * Gets time stamps for the newest links that asked for one and have none, the newest first, and lists them in SHA256SUMS.
 * Needs the lock, and nothing half published.
 *
 * @param ask sends a query to the authority
 * @param nonce 8 bytes, others each time
 * @throws UnreachableError for an answer that does not come or is none; OutputError. What came before is kept
 */
export async function addTimestamps(
  disk: Disk,
  archive: string,
  ask: (query: Uint8Array) => Promise<Uint8Array>,
  nonce: () => Uint8Array,
): Promise<void> {
  let looked = 0;
  for await (const { manifest, sha256: hash } of readChainBack(disk, archive)) {
    if (looked === mostLinks) return;
    looked += 1;
    if (manifest.signer?.timestamp !== true) continue;
    const { run } = manifest;
    const path = join(archive, timestampPath(run));
    const found = await disk.readFile(path);
    // What stands in its place and is none (cut, planted, of another link) does not keep the real one away.
    const present = found === undefined || 'problem' in readTimestamp(found, hash) ? undefined : found;
    const reply = present ?? (await stampOf(hash, ask, nonce()));
    if (present === undefined) await replaceFile(disk, path, reply);
    // Also that of a run which was cut between the two.
    await list(disk, archive, run, sha256(reply));
  }
}

async function stampOf(
  hash: string,
  ask: (query: Uint8Array) => Promise<Uint8Array>,
  nonce: Uint8Array,
): Promise<Uint8Array> {
  const reply = await ask(timestampQuery(hash, nonce));
  const stamp = readTimestamp(reply, hash);
  const expected = Buffer.from(nonce)
    .toString('hex')
    .replace(/^(00)+(?=..)/, '');
  const problem = 'problem' in stamp ? stamp.problem : stamp.nonce === expected ? undefined : 'it is of another query';
  if (problem === undefined) return reply;
  throw new UnreachableError(`Cannot use the time stamp that came: ${problem}`, {
    hint: 'Check that "sign.timestamp" of the job is the address of an authority of RFC 3161; the next run asks again',
  });
}

async function list(disk: Disk, archive: string, run: number, hash: string): Promise<void> {
  const path = join(archive, archivePaths.sums);
  const bytes = await disk.readFile(path);
  const sums = bytes && parseSums(bytes);
  // A list that is damaged is the next run's to make again, with the time stamps in it.
  if (sums === undefined) return;
  await replaceIfOther(disk, path, Buffer.from(serializeSums(new Map(sums).set(timestampPath(run), hash))));
}
