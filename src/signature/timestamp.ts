import { der, readDer, type DerElement } from './der.ts';

const tags = { integer: 0x02, octets: 0x04, time: 0x18, sequence: 0x30 } as const;

/** AlgorithmIdentifier of SHA-256, its parameters null, as openssl writes it. */
const sha256Algorithm = Buffer.from('300d06096086480165030402010500', 'hex');

/** What an authority says of a hash. */
interface Timestamp {
  /** ISO 8601, UTC, as precise as the authority says it. */
  readonly time: string;
  /** Lower-case hex, without leading zeros of the integer; undefined: none was asked for. */
  readonly nonce: string | undefined;
}

/**
 * A TimeStampReq of RFC 3161 that asks for the certificate, too.
 *
 * @param sha256 lower-case hex of what is to be stamped
 * @param nonce 8 bytes that come back in the answer
 */
export function timestampQuery(sha256: string, nonce: Uint8Array): Buffer {
  const imprint = der(tags.sequence, sha256Algorithm, der(tags.octets, Buffer.from(sha256, 'hex')));
  const certReq = Buffer.from([0x01, 0x01, 0xff]);
  return der(tags.sequence, Buffer.from([0x02, 0x01, 0x01]), imprint, integer(nonce), certReq);
}

/**
 * Reads a TimeStampResp: granted, and of this hash. Whose signature it bears is for `openssl ts -verify` and whoever knows the
 * authority's certificate.
 *
 * @param sha256 lower-case hex of what was to be stamped
 */
export function readTimestamp(reply: Uint8Array, sha256: string): Timestamp | { readonly problem: string } {
  try {
    const [statusInfo, token] = inner(readDer(Buffer.from(reply))[0]);
    const status = inner(statusInfo)[0]?.content.at(-1);
    // 0: granted, 1: granted with changes of what the query left open.
    if (status !== 0 && status !== 1) return { problem: `the authority refuses, with status ${String(status)}` };
    return ofToken(token, sha256);
  } catch (error) {
    if (error instanceof RangeError) return { problem: 'it is no answer of a time stamping authority' };
    throw error;
  }
}

/** A ContentInfo with SignedData, in which TSTInfo is an OCTET STRING. */
function ofToken(token: DerElement | undefined, sha256: string): ReturnType<typeof readTimestamp> {
  const [, signed] = inner(token);
  const encapsulated = inner(inner(signed)[0])[2];
  const [, content] = inner(encapsulated);
  const octets = inner(content)[0]?.content ?? Buffer.of();
  const [, , imprint, , ...rest] = inner(readDer(octets)[0]);
  const hash = inner(imprint)[1]?.content.toString('hex');
  if (hash !== sha256) return { problem: 'it is of something else' };
  const time = rest.find(({ tag }) => tag === tags.time)?.content.toString('latin1') ?? '';
  const nonce = rest.find(({ tag }) => tag === tags.integer)?.content.toString('hex');
  const [, date, clock] = /^(\d{8})(\d{6}(?:\.\d+)?)Z$/.exec(time) ?? [];
  if (date === undefined || clock === undefined) return { problem: 'it has no time' };
  const day = date.replace(/(....)(..)(..)/, '$1-$2-$3');
  return { time: `${day}T${clock.replace(/(..)(..)(.*)/, '$1:$2:$3')}Z`, nonce: nonce?.replace(/^(00)+(?=..)/, '') };
}

function inner(element: DerElement | undefined): readonly DerElement[] {
  if (element === undefined) throw new RangeError('Something is missing');
  return readDer(element.content);
}

/** Positive, as short as it can be (X.690, 8.3). */
function integer(bytes: Uint8Array): Buffer {
  const significant = Buffer.from(
    bytes.subarray(bytes.findIndex((byte, index) => byte !== 0 || index === bytes.length - 1)),
  );
  const isNegative = (significant.at(0) ?? 0) > 0x7f;
  return der(tags.integer, Buffer.from(isNegative ? [0] : []), significant);
}
