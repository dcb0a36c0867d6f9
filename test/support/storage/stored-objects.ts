import { createHash } from 'node:crypto';
import { S3Error } from './s3-error.ts';

export interface StoredVersion {
  readonly versionId: string;
  /** undefined: a mark that the object was removed. */
  readonly bytes: Buffer | undefined;
  readonly etag: string;
  readonly modifiedMs: number;
  readonly metadata: Readonly<Record<string, string>>;
  /** Base64; of parts with `-N` behind it. */
  readonly checksum: string | undefined;
  lockedUntilMs: number | undefined;
}

interface OpenUpload {
  readonly key: string;
  readonly startedMs: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly parts: Map<number, { readonly bytes: Buffer; readonly etag: string; readonly checksum: string }>;
}

export interface BucketRules {
  /** Object Lock can be enabled with versions only. */
  readonly objectLock?: boolean;
  readonly versioned?: boolean;
  /** Every part but the last has so many bytes at least; the real one asks for 5 MiB. */
  readonly minPartBytes?: number;
  readonly now: () => number;
}

const digest = (algorithm: string, bytes: Buffer, encoding: 'hex' | 'base64'): string =>
  createHash(algorithm).update(bytes).digest(encoding);

/** The objects of one bucket with the rules that writes have to keep. Pages of the API are named at each of them. */
export class StoredObjects {
  /** The newest version of each key last. */
  readonly versions = new Map<string, StoredVersion[]>();
  readonly uploads = new Map<string, OpenUpload>();
  readonly rules: BucketRules;
  #ids = 0;

  constructor(rules: BucketRules) {
    this.rules = rules;
  }

  get isVersioned(): boolean {
    return this.rules.versioned === true || this.rules.objectLock === true;
  }

  /** undefined also where a mark says that it was removed. */
  current(key: string): StoredVersion | undefined {
    const last = this.versions.get(key)?.at(-1);
    return last?.bytes === undefined ? undefined : last;
  }

  /** API_PutObject: checksum, conditions, lock, in this order. */
  put(key: string, bytes: Buffer, headers: Readonly<Record<string, string>>): StoredVersion {
    const checksum = headers['x-amz-checksum-sha256'];
    if (checksum !== undefined && checksum !== digest('sha256', bytes, 'base64')) {
      throw new S3Error(400, 'BadDigest', 'The sha256 you specified did not match the calculated checksum');
    }
    const lockedUntilMs = this.#lockOf(headers, checksum !== undefined);
    this.#checkConditions(key, headers);
    return this.#add(key, bytes, `"${digest('md5', bytes, 'hex')}"`, headers, checksum, lockedUntilMs);
  }

  /** API_CreateMultipartUpload */
  beginUpload(key: string, headers: Readonly<Record<string, string>>): string {
    this.#lockOf(headers, true);
    const id = `upload-${++this.#ids}`;
    this.uploads.set(id, { key, startedMs: this.rules.now(), headers, parts: new Map() });
    return id;
  }

  /** API_UploadPart: numbers from 1 to 10,000, with the checksum that the upload was begun with. */
  putPart(key: string, id: string, number: number, bytes: Buffer, checksum: string | undefined): string {
    const upload = this.#upload(key, id);
    if (!(number >= 1 && number <= 10_000)) throw new S3Error(400, 'InvalidArgument', 'Part number must be 1 to 10000');
    if (upload.headers['x-amz-checksum-algorithm'] === 'SHA256' && checksum === undefined) {
      throw new S3Error(
        400,
        'InvalidRequest',
        'The upload was created using a sha256 checksum: each part must have one',
      );
    }
    const actual = digest('sha256', bytes, 'base64');
    if (checksum !== undefined && checksum !== actual) throw new S3Error(400, 'BadDigest');
    const etag = `"${digest('md5', bytes, 'hex')}"`;
    upload.parts.set(number, { bytes, etag, checksum: actual });
    return etag;
  }

  /** API_CompleteMultipartUpload: parts in order, each as it was put, none but the last too small; then as PutObject. */
  completeUpload(
    key: string,
    id: string,
    list: readonly { readonly number: number; readonly etag: string; readonly checksum: string | undefined }[],
    headers: Readonly<Record<string, string>>,
  ): StoredVersion {
    const upload = this.#upload(key, id);
    if (list.length === 0) throw new S3Error(400, 'MalformedXML');
    const parts = list.map(({ number, etag, checksum }, at) => {
      if (at > 0 && number <= (list[at - 1]?.number ?? 0)) throw new S3Error(400, 'InvalidPartOrder');
      const part = upload.parts.get(number);
      if (part?.etag !== etag || part.checksum !== checksum) throw new S3Error(400, 'InvalidPart');
      const isLast = at === list.length - 1;
      if (!isLast && part.bytes.length < (this.rules.minPartBytes ?? 5 << 20)) throw new S3Error(400, 'EntityTooSmall');
      return part;
    });
    this.#checkConditions(key, headers);
    this.uploads.delete(id);
    const bytes = Buffer.concat(parts.map((part) => part.bytes));
    const each = Buffer.concat(parts.map(({ checksum }) => Buffer.from(checksum, 'base64')));
    const checksum = `${digest('sha256', each, 'base64')}-${parts.length}`;
    const etag = `"${digest('md5', each, 'hex')}-${parts.length}"`;
    return this.#add(key, bytes, etag, upload.headers, checksum, this.#lockOf(upload.headers, true));
  }

  /** API_AbortMultipartUpload */
  abortUpload(key: string, id: string): void {
    this.#upload(key, id);
    this.uploads.delete(id);
  }

  /** API_DeleteObject: a version that is locked stays; without a version a mark is put, or, without versions, it is gone. */
  remove(key: string, versionId: string | undefined): void {
    const versions = this.versions.get(key) ?? [];
    if (versionId === undefined) {
      if (!this.isVersioned) this.versions.delete(key);
      else if (versions.length > 0) versions.push(this.#version(undefined, '', {}, undefined, undefined));
      return;
    }
    const found = versions.find((version) => version.versionId === versionId);
    if (found === undefined) return;
    if ((found.lockedUntilMs ?? 0) > this.rules.now()) {
      throw new S3Error(403, 'AccessDenied', 'Access Denied because object protected by object lock.');
    }
    versions.splice(versions.indexOf(found), 1);
    if (versions.length === 0) this.versions.delete(key);
  }

  /** API_PutObjectRetention: in mode COMPLIANCE it may be made longer, and never shorter. */
  retain(key: string, untilMs: number): void {
    const version = this.current(key);
    if (version === undefined) throw new S3Error(404, 'NoSuchKey');
    if (this.rules.objectLock !== true)
      throw new S3Error(400, 'InvalidRequest', 'Bucket is missing Object Lock Configuration');
    if (untilMs < (version.lockedUntilMs ?? 0))
      throw new S3Error(403, 'AccessDenied', 'Access Denied because object protected by object lock.');
    version.lockedUntilMs = untilMs;
  }

  /** "If-None-Match: expects the '*' character"; "If-Match: 412 if the ETags do not match", 404 without an object. */
  #checkConditions(key: string, headers: Readonly<Record<string, string>>): void {
    const current = this.current(key);
    const none = headers['if-none-match'];
    const match = headers['if-match'];
    if (none !== undefined && none !== '*') throw new S3Error(501, 'NotImplemented');
    if (none !== undefined && current !== undefined) throw new S3Error(412, 'PreconditionFailed');
    if (match !== undefined && current === undefined) throw new S3Error(404, 'NoSuchKey');
    if (match !== undefined && match !== current?.etag) throw new S3Error(412, 'PreconditionFailed');
  }

  /** Both headers or none, a time to come, a bucket that was made for it, and a checksum (or Content-MD5). */
  #lockOf(headers: Readonly<Record<string, string>>, hasChecksum: boolean): number | undefined {
    const mode = headers['x-amz-object-lock-mode'];
    const until = headers['x-amz-object-lock-retain-until-date'];
    if (mode === undefined && until === undefined) return undefined;
    const untilMs = Date.parse(until ?? '');
    if (mode === undefined || until === undefined) {
      throw new S3Error(400, 'InvalidArgument', 'x-amz-object-lock-retain-until-date and -mode must both be supplied');
    }
    if (this.rules.objectLock !== true)
      throw new S3Error(400, 'InvalidRequest', 'Bucket is missing Object Lock Configuration');
    if (!hasChecksum)
      throw new S3Error(400, 'InvalidRequest', 'Content-MD5 or x-amz-checksum- is required with Object Lock');
    if (mode !== 'COMPLIANCE' && mode !== 'GOVERNANCE') throw new S3Error(400, 'InvalidArgument', 'Unknown wormMode');
    if (!(untilMs > this.rules.now()))
      throw new S3Error(400, 'InvalidArgument', 'The retain until date must be in the future!');
    return untilMs;
  }

  #upload(key: string, id: string): OpenUpload {
    const upload = this.uploads.get(id);
    if (upload?.key !== key) throw new S3Error(404, 'NoSuchUpload');
    return upload;
  }

  #add(
    key: string,
    bytes: Buffer,
    etag: string,
    headers: Readonly<Record<string, string>>,
    checksum: string | undefined,
    lockedUntilMs: number | undefined,
  ): StoredVersion {
    const metadata = Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith('x-amz-meta-')));
    const version = this.#version(bytes, etag, metadata, checksum, lockedUntilMs);
    if (this.isVersioned) this.versions.set(key, [...(this.versions.get(key) ?? []), version]);
    else this.versions.set(key, [version]);
    return version;
  }

  #version(
    bytes: Buffer | undefined,
    etag: string,
    metadata: Readonly<Record<string, string>>,
    checksum: string | undefined,
    lockedUntilMs: number | undefined,
  ): StoredVersion {
    const versionId = this.isVersioned ? `version-${++this.#ids}` : 'null';
    return { versionId, bytes, etag, modifiedMs: this.rules.now(), metadata, checksum, lockedUntilMs };
  }
}
