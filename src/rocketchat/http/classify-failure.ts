import { RoomError, UnreachableError } from '../../errors.ts';
import { describeRequest, type Outcome, type RequestInfo, type WireFailure } from './outcome.ts';
import { quoteServerText } from './server-text.ts';

interface KnownFailure {
  readonly words: string;
  readonly hint?: string;
}

const caHint =
  'If the certificate is from a private authority, name its file in the job (server.tls.ca) or in the environment variable NODE_EXTRA_CA_CERTS';

/** Time does not mend a certificate; asking again would only hide the reason. */
const tlsFailures: Readonly<Record<string, KnownFailure>> = {
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
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: {
    words: 'the issuer of the certificate is unknown, and the server does not send it',
    hint: `${caHint}; otherwise the server has to send the whole chain`,
  },
  UNABLE_TO_GET_ISSUER_CERT: { words: 'the issuer of the certificate is unknown', hint: caHint },
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: { words: 'the issuer of the certificate is unknown', hint: caHint },
  CERT_REVOKED: { words: 'the certificate was revoked', hint: 'Ask the administrator of the server' },
  CERT_UNTRUSTED: { words: 'the certificate is not trusted', hint: caHint },
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: {
    words: 'the server wants a client certificate',
    hint: 'Name its file and that of its key in the job (server.tls.cert and server.tls.key)',
  },
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: {
    words: 'the server does not trust the client certificate',
    hint: 'Check server.tls.cert of the job: who signed it, and whether it holds the whole chain',
  },
  EPROTO: { words: 'no TLS on this port', hint: 'Check the port, or write http:// if the server has no TLS' },
};

/** What a proxy answers to CONNECT when it is the proxy that does not let the request through; others may pass. */
const proxyRefusals: Readonly<Record<string, KnownFailure>> = {
  '403': {
    words: 'does not allow this server',
    hint: 'Ask the administrator of the proxy, or list the host in NO_PROXY',
  },
  '405': {
    words: 'does not connect to this port',
    hint: 'Ask the administrator of the proxy, or list the host in NO_PROXY',
  },
  '407': {
    words: 'wants a user and password',
    hint: 'Put them into the address of the proxy: HTTPS_PROXY=http://user:password@host:port',
  },
};

const networkFailures: Readonly<Record<string, KnownFailure>> = {
  ECONNREFUSED: { words: 'nothing listens there', hint: 'Check the host and the port, and that the server is up' },
  ENOTFOUND: { words: 'no such host', hint: 'Check the host name in the url' },
  EAI_AGAIN: { words: 'the name server does not respond', hint: 'Check the network and the DNS of this machine' },
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
  if (code === 'ERR_PROXY_REFUSED') return proxyRefusal(failure, request);
  const tls =
    proxyTlsFailure(code, request) ??
    tlsFailures[code] ??
    (code.startsWith('ERR_SSL_') || code.startsWith('ERR_TLS_') ? { words: 'TLS failed' } : undefined);
  if (tls !== undefined) {
    return { kind: 'permanent', error: new UnreachableError(`${start}: ${tls.words} (${code})`, { ...tls, cause }) };
  }
  if (code === 'ERR_BUFFER_TOO_LARGE') return tooLarge(start, cause, request);
  const known: KnownFailure | undefined =
    proxyFailure(code, request) ??
    networkFailures[code] ??
    (code.startsWith('HPE_')
      ? { words: 'the response is not HTTP', hint: 'Check the port, and whether the url should begin with https://' }
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

/** Of a login or of the list of rooms there is no smaller piece to ask for, and no server makes that much of them. */
function tooLarge(start: string, cause: Error, { query }: RequestInfo): Outcome {
  const error =
    query['roomId'] === undefined
      ? new UnreachableError(`${start}: the response takes more than 256 MB (decoded)`, {
          hint: 'Check the url, and what stands between here and the server',
          cause,
        })
      : new RoomError('too-large', `${start}: the response of this room takes more than 256 MB (decoded)`, {
          hint: 'If it is a page, set a smaller pageSize',
          cause,
        });
  return { kind: 'permanent', error };
}

/** Through a proxy the program itself connects to nothing else. */
const connecting = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

function proxyFailure(code: string, { proxy, url }: RequestInfo): KnownFailure | undefined {
  const known = networkFailures[code];
  if (known === undefined) return undefined;
  if (proxy !== undefined && connecting.has(code)) {
    return {
      words: `the proxy ${proxy}: ${known.words}`,
      hint: 'Check HTTPS_PROXY, HTTP_PROXY and ALL_PROXY, or list the host of the server in NO_PROXY',
    };
  }
  // A server with TLS closes a connection that begins with plain HTTP, most of them without a word.
  if (code === 'ECONNRESET' && url.startsWith('http:')) {
    return { ...known, hint: 'If the server wants TLS on this port, write the url with https://' };
  }
  return undefined;
}

/** TLS to the proxy and TLS through it fail alike. */
function proxyTlsFailure(code: string, { proxy }: RequestInfo): KnownFailure | undefined {
  if (code !== 'EPROTO' || proxy?.startsWith('https:') !== true) return undefined;
  return {
    words: `no TLS on this port, or on that of the proxy ${proxy}`,
    hint: 'Check both ports; most proxies are reached by http://, for servers with TLS, too',
  };
}

/** @param failure its message is the status of the proxy's answer */
function proxyRefusal({ code, message: status }: WireFailure, request: RequestInfo): Outcome {
  const known = proxyRefusals[status];
  const words = known?.words ?? 'did not get through to the server';
  const text = `${describeRequest(request)}: the proxy ${request.proxy ?? ''} ${words} (${status})`;
  const cause = Object.assign(new Error(text), { code });
  if (known !== undefined) return { kind: 'permanent', error: new UnreachableError(text, { ...known, cause }) };
  return { kind: 'transient', error: { reason: 'connection', message: text, cause } };
}
