import { createHash } from 'node:crypto';
import type { StorageClient } from './storage-client.ts';
import { lockHeaders, type ObjectLock } from './object-lock.ts';
import { errorCodeOf } from './storage-failure.ts';
import { childText, readXml } from './xml.ts';
import { OutputError } from '../../errors.ts';

interface Part {
  readonly number: number;
  readonly etag: string;
  readonly sha256: string;
}

/** What an object is made with. */
export interface NewObject {
  readonly metadata: Readonly<Record<string, string>>;
  readonly lock: ObjectLock | undefined;
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

/**
 * Makes an object of parts, unless there is one of its key: the condition is asked when they are put together, each part is
 * checked by its SHA-256. Parts of an upload that fails are removed; those of one that is killed wait for `orphans`.
 *
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html
 *
 * @param parts each but the last of 5 MiB or more, at most 10,000; may throw, and then nothing is made
 * @returns `taken`: the key has an object
 */
export async function uploadParts(
  client: StorageClient,
  key: string,
  parts: AsyncIterable<Uint8Array>,
  { metadata, lock }: NewObject,
): Promise<'created' | 'taken'> {
  const action = `write "${client.addressOf(key)}"`;
  const began = await client.send({
    method: 'POST',
    key,
    query: { uploads: '' },
    action,
    headers: { ...metadata, ...lockHeaders(lock), 'x-amz-checksum-algorithm': 'SHA256' },
  });
  const uploadId = childText(readXml(began.body), 'UploadId');
  if (uploadId === undefined) throw new OutputError(`Cannot ${action}: the store begins no upload in parts`);
  try {
    const done: Part[] = [];
    for await (const body of parts) done.push(await uploadPart(client, key, uploadId, done.length + 1, body));
    const list = done.map(
      ({ number, etag, sha256 }) =>
        `<Part><PartNumber>${number}</PartNumber><ETag>${escaped(etag)}</ETag><ChecksumSHA256>${sha256}</ChecksumSHA256></Part>`,
    );
    const completed = await client.send({
      method: 'POST',
      key,
      query: { uploadId },
      action,
      expected: [404, 409, 412],
      headers: { 'content-type': 'application/xml', 'if-none-match': '*' },
      body: Buffer.from(
        `<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${list.join('')}</CompleteMultipartUpload>`,
      ),
    });
    // An answer that is begun with 200 may still end with an error; and one that was lost has ended the upload (404).
    if (completed.status === 200 && errorCodeOf(completed) === undefined) return 'created';
    if (completed.status === 404) return 'taken';
    await abortUpload(client, key, uploadId);
    if (completed.status === 412 || completed.status === 409) return 'taken';
    throw new OutputError(`Cannot ${action}: the store says ${String(errorCodeOf(completed))} of its parts`, {
      hint: 'Nothing is lost: run the same command again',
    });
  } catch (error) {
    await abortUpload(client, key, uploadId).catch(() => undefined);
    throw error;
  }
}

async function uploadPart(
  client: StorageClient,
  key: string,
  uploadId: string,
  number: number,
  body: Uint8Array,
): Promise<Part> {
  const sha256 = createHash('sha256').update(body).digest('base64');
  const { headers } = await client.send({
    method: 'PUT',
    key,
    query: { partNumber: String(number), uploadId },
    body,
    headers: { 'x-amz-checksum-sha256': sha256 },
    action: `write "${client.addressOf(key)}"`,
  });
  return { number, etag: headers['etag'] ?? '', sha256 };
}

/** Frees the parts of an upload; one that has ended is fine. */
export async function abortUpload(client: StorageClient, key: string, uploadId: string): Promise<void> {
  const action = `end the upload of "${client.addressOf(key)}"`;
  await client.send({ method: 'DELETE', key, query: { uploadId }, action, expected: [404] });
}
