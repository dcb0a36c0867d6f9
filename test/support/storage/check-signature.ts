import { createHash, createHmac } from 'node:crypto';
import { S3Error } from './s3-error.ts';

export interface S3Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** A request as it came off the wire. */
export interface WiredRequest {
  readonly method: string;
  /** As sent, encoded, without the query. */
  readonly path: string;
  /** As sent. */
  readonly search: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
const hex = (content: string | Buffer): string => createHash('sha256').update(content).digest('hex');
const skewMs = 15 * 60_000;

/**
 * Signature Version 4 in the header Authorization, made once more from what was sent: canonical request, string to sign,
 * key of the day. Nothing of the client's library is in it.
 *
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
 *
 * @throws S3Error as the API does
 */
export function checkSignature(request: WiredRequest, keys: S3Keys, region: string, nowMs: number): void {
  const { headers, body } = request;
  const authorization = headers['authorization'];
  if (authorization === undefined) throw new S3Error(403, 'AccessDenied', 'Access Denied');
  const [, id, day, scopeRegion, signedHeaders = '', signature] =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/.exec(
      authorization,
    ) ?? [];
  if (day === undefined)
    throw new S3Error(400, 'AuthorizationHeaderMalformed', 'The authorization header is malformed');
  if (scopeRegion !== region) {
    const message = `the region '${scopeRegion}' is wrong; expecting '${region}'`;
    throw new S3Error(400, 'AuthorizationHeaderMalformed', message, { Region: region });
  }
  if (id !== keys.accessKeyId) throw new S3Error(403, 'InvalidAccessKeyId', 'The key you provided does not exist');
  if (headers['x-amz-security-token'] !== keys.sessionToken)
    throw new S3Error(400, 'InvalidToken', 'The token is not valid');
  const time = headers['x-amz-date'] ?? '';
  const sentMs = Date.parse(time.replace(/^(....)(..)(..)T(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6Z'));
  if (!time.startsWith(day) || Number.isNaN(sentMs)) throw new S3Error(403, 'AccessDenied', 'No date');
  if (Math.abs(nowMs - sentMs) > skewMs) {
    throw new S3Error(
      403,
      'RequestTimeTooSkewed',
      'The difference between the request time and the current time is too large',
    );
  }
  const names = signedHeaders.split(';');
  // Host, and every x-amz-* header, have to be among the signed ones.
  const unsigned = ['host', ...Object.keys(headers).filter((name) => name.startsWith('x-amz-'))].filter(
    (name) => !names.includes(name),
  );
  if (unsigned.length > 0)
    throw new S3Error(403, 'AccessDenied', `There were headers present which were not signed: ${unsigned.join()}`);
  const claimed = headers['x-amz-content-sha256'];
  if (claimed === undefined) throw new S3Error(400, 'InvalidRequest', 'Missing required header x-amz-content-sha256');
  if (claimed !== hex(body)) throw new S3Error(400, 'XAmzContentSHA256Mismatch', 'The provided hash does not match');

  const encode = (text: string): string =>
    encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
  const query = request.search
    .replace(/^\?/, '')
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => pair.split('=', 2).map((text) => encode(decodeURIComponent(text))))
    .map(([name = '', value = '']) => `${name}=${value}`)
    .sort();
  const canonical = [
    request.method,
    // "You do not normalize URI paths": each part encoded once.
    request.path
      .split('/')
      .map((part) => encode(decodeURIComponent(part)))
      .join('/'),
    query.join('&'),
    ...names.map((name) => `${name}:${(headers[name] ?? '').trim().replace(/ +/g, ' ')}`),
    '',
    signedHeaders,
    claimed,
  ].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', time, `${day}/${region}/s3/aws4_request`, hex(canonical)].join('\n');
  const key = ['s3', 'aws4_request'].reduce(hmac, hmac(hmac(`AWS4${keys.secretAccessKey}`, day), region));
  if (hmac(key, toSign).toString('hex') !== signature) {
    throw new S3Error(403, 'SignatureDoesNotMatch', 'The request signature we calculated does not match');
  }
}
