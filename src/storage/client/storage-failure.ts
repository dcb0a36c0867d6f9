import { AccessError, OutputError, UnreachableError, type ExportError } from '../../errors.ts';
import type { StorageAnswer, StorageRequest } from './storage-request.ts';
import { childText, readXml } from './xml.ts';

/** What an answer refers to, for messages. */
interface FailedRequest {
  /** Completes "Cannot …": `write "s3://bucket/key"`. */
  readonly action: string;
  readonly method: StorageRequest['method'];
  readonly server: string;
  readonly bucket: string;
  readonly region: string;
  /** Epoch milliseconds of this machine. */
  readonly nowMs: number;
}

/** Codes of the API whose reader has to ask for something else than what the keys may do. */
const refused = new Set([
  ...['AccessDenied', 'AllAccessDisabled', 'AccountProblem', 'InvalidAccessKeyId', 'SignatureDoesNotMatch'],
  ...['ExpiredToken', 'InvalidToken', 'TokenRefreshRequired', 'Forbidden'],
]);

export const endpointHint =
  'Set AWS_ENDPOINT_URL to the address at which the store has its S3 API: of MinIO it is at port 9000, and its console at 9001';

/** What speaks no S3: a web page, a proxy, the console of a store. Asking again gets the same. */
export function notAStore(action: string, server: string, { status, headers }: StorageAnswer): OutputError {
  const type = headers['content-type']?.split(';')[0];
  const said = [`HTTP ${status}`, ...(type === undefined ? [] : [type])].join(', ');
  return new OutputError(`Cannot ${action}: what answers at ${server} is no S3 store (${said})`, {
    hint: endpointHint,
  });
}

/** The code of an error in an answer, as the API's list has it; undefined: it names none. */
export function errorCodeOf(answer: StorageAnswer): string | undefined {
  const root = readXml(answer.body);
  return root?.name === 'Error' ? childText(root, 'Code') : undefined;
}

/**
 * The error that an answer which nothing was expected of stands for.
 *
 * Source of the codes: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 */
export function storageFailure(answer: StorageAnswer, request: FailedRequest): ExportError {
  const { action, server, bucket, region } = request;
  const root = readXml(answer.body);
  const code = errorCodeOf(answer) ?? (answer.status === 403 ? 'Forbidden' : '');
  const said = [`HTTP ${answer.status}`, code, childText(root, 'Message')].filter(Boolean).join(', ');
  const message = `Cannot ${action}: ${server} says ${said}`;
  const rightRegion = answer.headers['x-amz-bucket-region'] ?? childText(root, 'Region');
  if (code === 'RequestTimeTooSkewed') return skewed(answer, request);
  if (rightRegion !== undefined && rightRegion !== region && [301, 307, 400].includes(answer.status)) {
    return new AccessError(
      `Cannot ${action}: the bucket "${bucket}" is in the region "${rightRegion}", not "${region}"`,
      {
        hint: `Set AWS_REGION=${rightRegion}`,
      },
    );
  }
  if (code === 'NoSuchBucket') {
    return new UnreachableError(`Cannot ${action}: ${server} has no bucket "${bucket}"`, {
      hint: 'Create it, or correct its name; AWS_ENDPOINT_URL says which server is asked',
    });
  }
  if (refused.has(code)) {
    return new AccessError(message, {
      hint: 'Check the keys (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN or AWS_PROFILE) and what they may do: docs/operations.md has the list',
    });
  }
  if (code === 'NotImplemented') {
    return new OutputError(message, {
      hint: 'The store must know conditional writes (If-None-Match, If-Match) and checksums: use one that does',
    });
  }
  if (code === 'InvalidRequest' && childText(root, 'Message')?.includes('Object Lock') === true) {
    return new OutputError(message, {
      hint: 'Object Lock has to be enabled when the bucket is created: use such a bucket',
    });
  }
  // A store explains itself to all but HEAD; in front of one that is overloaded a proxy answers.
  const isBusy = answer.status >= 500 || answer.status === 429 || answer.status === 408;
  if (root?.name !== 'Error' && request.method !== 'HEAD' && !isBusy) return notAStore(action, server, answer);
  if (isBusy || answer.status === 404) {
    return new UnreachableError(message, { hint: 'Nothing is lost: run the same command again' });
  }
  return new OutputError(message, {
    hint: 'Nothing is lost: see what the store says, then run the same command again',
  });
}

/** Signatures are of a time: the API takes those of the last and the next 15 minutes. */
function skewed({ dateMs }: StorageAnswer, { action, server, nowMs }: FailedRequest): AccessError {
  const off = dateMs === undefined ? 0 : nowMs - dateMs;
  const minutes = Math.round(Math.abs(off) / 60_000);
  const clocks =
    dateMs === undefined
      ? 'differ'
      : `differ by ${minutes} minutes: ${off < 0 ? 'this machine is late' : 'this machine is early'}`;
  return new AccessError(`Cannot ${action}: the clocks of this machine and of ${server} ${clocks}`, {
    hint: 'Set the clock of this machine (NTP): the store takes requests that are signed within 15 minutes of its time',
  });
}
