import { describe, expect, it } from '@jest/globals';
import { isStorageAddress, storageAddress, storageTarget } from '../../../src/model/run/storage-target.ts';

describe('the address of a bucket', () => {
  it.each([
    ['s3://archives', 'archives', '', 's3://archives'],
    ['s3://archives/', 'archives', '', 's3://archives'],
    ['s3://archives/chat/nightly/', 'archives', 'chat/nightly', 's3://archives/chat/nightly'],
    ['s3://My_bucket.v2/Räume +', 'My_bucket.v2', 'Räume +', 's3://My_bucket.v2/Räume +'],
  ])('%s', (text, bucket, prefix, written) => {
    expect(storageTarget(text)).toEqual({ bucket, prefix });
    expect(storageAddress({ bucket, prefix })).toBe(written);
  });

  it.each(['s3://AKIA:secret@bucket/x', 's3://bucket/x?X-Amz-Signature=secret', 's3://bucket?key=secret'])(
    'takes no keys, does not repeat them, and names where they belong: %s',
    (text) => {
      expect(() => storageTarget(text)).toThrow(
        expect.objectContaining({
          exitCode: 64,
          message: expect.not.stringContaining('secret'),
          hint: expect.stringContaining('AWS_SECRET_ACCESS_KEY'),
        }),
      );
    },
  );

  it.each([
    's3:',
    's3://',
    's3:bucket',
    's3:///key',
    's3://b/x',
    's3://bucket/a//b',
    's3://bucket/../x',
    's3://bucket/.',
    's3://bucket/a\\b',
    '-',
    'gs://bucket',
  ])('is refused: %s', (text) => expect(() => storageTarget(text)).toThrow(expect.objectContaining({ exitCode: 64 })));

  it('is told from a folder', () => {
    expect(['s3://b', 's3:b', 'output/s3', './s3:x', 'S3'].map(isStorageAddress)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });
});
