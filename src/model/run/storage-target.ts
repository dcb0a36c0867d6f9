import { UsageError } from '../../errors.ts';

/** Where published runs are copied to: a bucket of an S3-compatible store, and where in it. */
export interface StorageTarget {
  readonly bucket: string;
  /** Without a slash at either end; empty: the whole bucket. */
  readonly prefix: string;
}

const expected = 'Expected s3://bucket/prefix, such as s3://archives/nightly';

/** Whether a text is the address of an object store rather than the path of a folder. */
export function isStorageAddress(text: string): boolean {
  return text.startsWith('s3:');
}

/**
 * @param text `s3://bucket/prefix`
 * @throws UsageError for anything else; what may be a key is not repeated, and the variables that it belongs in are named
 */
export function storageTarget(text: string): StorageTarget {
  const [, authority = '', path = ''] = /^s3:\/\/([^/]*)(?:\/(.*))?$/s.exec(text) ?? [];
  if (/[@:?]/.test(authority) || path.includes('?')) {
    throw new UsageError('Cannot use keys or parameters in the address of a bucket: everybody can see them there', {
      hint: `Take them out, and set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE; the server is AWS_ENDPOINT_URL. ${expected}`,
    });
  }
  if (authority === '') throw new UsageError('Cannot use this as the address of a bucket', { hint: expected });
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html; other stores also take capitals and _.
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{1,61}[A-Za-z0-9]$/.test(authority)) {
    throw new UsageError(`Cannot use the bucket "${authority}": no bucket has such a name`, { hint: expected });
  }
  const prefix = path.replace(/\/$/, '');
  const isPlain = prefix.split('/').every((part) => !/^\.{0,2}$|[\\\p{Cc}]/u.test(part));
  if (prefix !== '' && !isPlain) {
    throw new UsageError(
      `Cannot use the prefix "${prefix}": a part of it is empty, "." or "..", or holds a backslash`,
      {
        hint: expected,
      },
    );
  }
  return { bucket: authority, prefix };
}

/** As people write it. */
export function storageAddress({ bucket, prefix }: StorageTarget): string {
  return prefix === '' ? `s3://${bucket}` : `s3://${bucket}/${prefix}`;
}
