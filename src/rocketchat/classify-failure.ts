import { RoomError, UnreachableError } from '../errors.ts';
import { describeRequest, type Outcome, type RequestInfo, type WireFailure } from './outcome.ts';
import { quoteServerText } from './server-text.ts';

interface Reading {
  readonly words: string;
  readonly hint?: string;
}

const caHint =
  'If the certificate is from a private authority, name its file in the environment variable NODE_EXTRA_CA_CERTS';

/** Time does not mend a certificate; asking again would only hide the reason. */
const tlsFailures: Readonly<Record<string, Reading>> = {
  CERT_HAS_EXPIRED: {
    words: 'the certificate has expired',
    hint: 'Renew the certificate, or check the clock of this machine',
  },
  CERT_NOT_YET_VALID: { words: 'the certificate is not valid yet', hint: 'Check the clock of this machine' },
  ERR_TLS_CERT_ALTNAME_INVALID: {
    words: 'the certificate is for another host name',
    hint: 'Write the url with a host name that the certificate lists',
  },
  DEPTH_ZERO_SELF_SIGNED_CERT: { words: 'the certificate is self-signed', hint: caHint },
  SELF_SIGNED_CERT_IN_CHAIN: { words: 'the certificate chain ends in an unknown authority', hint: caHint },
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: { words: 'an intermediate certificate is missing', hint: caHint },
  UNABLE_TO_GET_ISSUER_CERT: { words: 'the issuer of the certificate is unknown', hint: caHint },
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: { words: 'the issuer of the certificate is unknown', hint: caHint },
  CERT_REVOKED: { words: 'the certificate was revoked', hint: 'Ask the administrator of the server' },
  CERT_UNTRUSTED: { words: 'the certificate is not trusted', hint: caHint },
  EPROTO: { words: 'no TLS on this port', hint: 'Check the port, or write http:// if the server has no TLS' },
};

const networkFailures: Readonly<Record<string, Reading>> = {
  ECONNREFUSED: { words: 'nothing listens there', hint: 'Check the host and the port, and that the server is up' },
  ENOTFOUND: { words: 'no such host', hint: 'Check the host name in the url' },
  EAI_AGAIN: { words: 'the name server does not answer', hint: 'Check the network and the DNS of this machine' },
  EHOSTUNREACH: { words: 'no route to the host', hint: 'Check the network, a VPN or a firewall' },
  ENETUNREACH: { words: 'no network', hint: 'Check the network of this machine' },
  ECONNRESET: { words: 'the connection broke off' },
  ECONNABORTED: { words: 'the connection broke off' },
  EPIPE: { words: 'the connection broke off' },
  ETIMEDOUT: { words: 'no answer in time' },
  Z_BUF_ERROR: { words: 'the compressed answer broke off' },
  Z_DATA_ERROR: { words: 'the compressed answer is damaged' },
};

/** Sorts a request without a whole answer by what to do next. */
export function classifyFailure(failure: WireFailure, request: RequestInfo): Outcome {
  const { code } = failure;
  const message = quoteServerText(failure.message, request.secrets);
  // The client's own errors hold the headers, and so the token: only their words go on.
  const cause = Object.assign(new Error(message), { code });
  const start = describeRequest(request);
  const tls =
    tlsFailures[code] ??
    (code.startsWith('ERR_SSL_') || code.startsWith('ERR_TLS_') ? { words: 'TLS failed' } : undefined);
  if (tls !== undefined) {
    return { kind: 'permanent', error: new UnreachableError(`${start}: ${tls.words} (${code})`, { ...tls, cause }) };
  }
  if (code === 'ERR_BUFFER_TOO_LARGE') {
    return {
      kind: 'permanent',
      error: new RoomError('too-large', `${start}: the answer is larger than this program can hold`, {
        hint: 'Ask for smaller pages (pageSize)',
        cause,
      }),
    };
  }
  const known: Reading | undefined =
    networkFailures[code] ??
    (code.startsWith('HPE_')
      ? { words: 'the answer is not HTTP', hint: 'Check the port, and whether the url should begin with https://' }
      : undefined);
  return {
    kind: 'transient',
    error: {
      reason: code === 'ETIMEDOUT' ? 'timeout' : 'connection',
      message: known === undefined ? `${start}: ${message} (${code})` : `${start}: ${known.words} (${code})`,
      ...(known?.hint === undefined ? {} : { hint: known.hint }),
      cause,
    },
  };
}
