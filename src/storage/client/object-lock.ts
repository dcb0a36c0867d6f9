/**
 * Until when nobody, the account's owner included, may remove a version of an object: mode COMPLIANCE of
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html
 */
export interface ObjectLock {
  /** Epoch milliseconds. */
  readonly untilMs: number;
}

/** Headers of PutObject and CreateMultipartUpload; none without a lock. */
export function lockHeaders(lock: ObjectLock | undefined): Readonly<Record<string, string>> {
  if (lock === undefined) return {};
  return {
    'x-amz-object-lock-mode': 'COMPLIANCE',
    'x-amz-object-lock-retain-until-date': new Date(lock.untilMs).toISOString(),
  };
}
