import { describe, expect, it } from '@jest/globals';
import { AccessError, RoomError, UnreachableError } from '../../../src/errors.ts';
import { classifyFailure } from '../../../src/rocketchat/http/classify-failure.ts';
import { classifyResponse } from '../../../src/rocketchat/http/classify-response.ts';
import type { Outcome, RequestInfo, WireResponse } from '../../../src/rocketchat/http/outcome.ts';

const request: RequestInfo = {
  method: 'GET',
  endpoint: 'groups.messages',
  query: { roomId: 'r1' },
  url: 'http://chat.example.org',
  secrets: ['s3cret-token'],
};

function response(status: number, body: unknown, headers: WireResponse['headers'] = {}): WireResponse {
  return { status, headers, body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)) };
}

function classify(status: number, body: unknown, headers: WireResponse['headers'] = {}): Outcome {
  return classifyResponse(response(status, body, headers), request);
}

function refusal(outcome: Outcome): Error & { readonly hint: string | undefined } {
  if (outcome.kind !== 'permanent' && outcome.kind !== 'login-refused')
    throw new Error(`Expected a permanent error, not ${outcome.kind}`);
  return outcome.error;
}

const page = '<!DOCTYPE html><html><body>Sign in</body></html>';
const notLoggedIn = 'You must be logged in to do this.';

describe('classifyResponse', () => {
  it('takes an object without a "no" for an answer, and parses it once', () => {
    expect(classify(200, { messages: [], success: true })).toEqual({
      kind: 'ok',
      value: { messages: [], success: true },
    });
    expect(classify(200, { status: 'success', data: {} })).toMatchObject({ kind: 'ok' });
  });

  it.each([
    [
      400,
      { success: false, error: "must have required property 'roomId' [invalid-params]", errorType: 'invalid-params' },
      'invalid-params',
    ],
    [
      400,
      { success: false, error: "must have required property 'roomId'", errorType: 'error-invalid-params' },
      'invalid-params',
    ],
    [
      400,
      { success: false, error: 'does not match any group [error-room-not-found]', errorType: 'error-room-not-found' },
      'room-not-found',
    ],
    [400, { success: false, error: 'does not match any group [error-room-not-found]' }, 'room-not-found'],
    [
      400,
      {
        success: false,
        error: 'The private group, ops, is archived [error-room-archived]',
        errorType: 'error-room-archived',
      },
      'room-archived',
    ],
    [400, { success: false, error: 'error-not-allowed' }, 'not-allowed'],
    [200, { success: false, error: 'error-not-allowed' }, 'not-allowed'],
    [400, { success: false, error: 'Something odd' }, 'http-400'],
    [400, { success: false, errorType: 'Not a word!\n', error: 'x' }, 'http-400'],
    [
      403,
      { success: false, error: 'User does not have the permissions required for this action [error-unauthorized]' },
      'not-allowed',
    ],
    [403, { success: false, error: 'unauthorized' }, 'not-allowed'],
    [403, { success: false, error: 'forbidden' }, 'not-allowed'],
    [403, { success: false, error: 'Not for you [error-forbidden]' }, 'not-allowed'],
    [404, { status: 'error', message: 'API endpoint does not exist.' }, 'not-found'],
    [200, { status: 'error', message: 'Not here' }, 'http-200'],
    [413, page, 'request-too-large'],
    [414, '', 'request-too-large'],
  ])('makes %d %j a refusal for this room, reason %s', (status, body, reason) => {
    const error = refusal(classify(status, body));
    expect(error).toBeInstanceOf(RoomError);
    expect(error).toMatchObject({ reason });
    expect(error.message).toContain('Cannot read "groups.messages" (room "r1") from http://chat.example.org: ');
  });

  it.each([
    [401, { status: 'error', message: notLoggedIn }, /logged in/, /revoked/],
    [401, { success: false, error: notLoggedIn, status: 'error', message: notLoggedIn }, /logged in/, /revoked/],
    // Something else that speaks JSON: the token is not to blame.
    [401, { error: 'Unauthorized' }, /401 Unauthorized/, /Check the url before the login/],
    [401, page, /in front of Rocket.Chat/, /proxy/],
    [407, '', /in front of Rocket.Chat/, /proxy/],
    [
      401,
      {
        success: false,
        status: 'error',
        error: 'totp-required',
        details: { method: 'totp' },
        message: 'TOTP Required',
      },
      /second factor/,
      /personal access token/,
    ],
    [
      400,
      { success: false, error: 'TOTP Required [totp-required]', errorType: 'totp-required' },
      /second factor/,
      /personal access token/,
    ],
    [401, { status: 'error', error: 'error-login-blocked-for-user', message: 'Blocked' }, /Blocked/, /wait/],
  ])('makes %d %j an error of the login', (status, body, words, hint) => {
    const error = refusal(classify(status, body));
    expect(error).toBeInstanceOf(AccessError);
    expect(error.message).toMatch(words);
    expect(error.hint).toMatch(hint);
  });

  it.each([
    { success: false, error: 'You may not [error-unauthorized]' },
    { success: false, error: 'unauthorized' },
  ])('makes 401 %j one of this room alone when the login turns out to be good', (body) => {
    const outcome = classify(401, body);
    if (outcome.kind !== 'login-refused') throw new Error(`Expected a refused login, not ${outcome.kind}`);
    expect(outcome.otherwise).toMatchObject({ reason: 'not-allowed', hint: expect.any(String) as unknown });
  });

  it('of a login that is refused by one word alone, as 9.0 does, names both causes', () => {
    const login: RequestInfo = { ...request, method: 'POST', endpoint: 'login', query: {} };
    const hintOf = (body: unknown) => refusal(classifyResponse(response(401, body), login)).hint;
    const bare = hintOf({ success: false, error: 'unauthorized' });
    expect(bare).toMatch(/password/);
    expect(bare).toMatch(/second factor/);
    const old = { success: false, status: 'error', error: 'unauthorized', message: 'Unauthorized' };
    expect(hintOf(old)).toBe('Check the user and the password');
    expect(hintOf({ success: false, error: 'user-not-found' })).toBe('Check the user and the password');
  });

  it.each([
    [
      301,
      { location: 'https://chat.example.org/api/v1/x' },
      'redirects to https://chat.example.org,',
      'https://chat.example.org',
    ],
    [
      302,
      { location: 'https://sso.example.org/login?session=1' },
      'redirects to https://sso.example.org,',
      'login page',
    ],
    [300, { location: '/login' }, 'another path of http://chat.example.org', 'Check the url'],
    [307, { location: '/login' }, 'another path of http://chat.example.org', 'Check the url'],
    [308, {}, 'to nowhere', 'Check the url'],
    [302, { location: 'http://[' }, 'to nowhere', 'Check the url'],
  ])('never follows %d %j, and names where it goes', (status, headers, words, hint) => {
    const error = refusal(classify(status, '', headers));
    expect(error).toBeInstanceOf(UnreachableError);
    expect(error.message).toContain(words);
    expect(error.message).not.toContain('session');
    expect(error.hint).toContain(hint);
  });

  it.each([
    [500, { success: false, error: 'Internal server error' }],
    [502, page],
    [503, ''],
    [504, page],
    [408, { success: false }],
    [200, page],
    [200, '{"messages":[{"_id":"a'],
    [200, ''],
    [200, '[]'],
    [200, 'null'],
    [400, page],
    [403, page],
    [404, page],
  ])('asks again after %d %j: it is not a refusal by Rocket.Chat', (status, body) => {
    expect(classify(status, body)).toMatchObject({ kind: 'transient' });
  });

  it.each([
    ['room-archived', 400, 'Unarchive the room, or leave it out: groups.messages does not read archived rooms'],
    ['room-not-found', 400, 'The room is gone, is of another type, or this user is not a member of it'],
    ['not-allowed', 400, 'Make this user a member of the room'],
    ['unauthorized', 403, 'Ask an administrator for the permission'],
    ['forbidden', 403, 'Ask an administrator for the permission'],
    [
      'invalid-params',
      400,
      'The server expects other parameters than this program sends: report it with the server version',
    ],
    // By the status alone, and none where nobody can know.
    ['', 403, 'Make this user a member of the room'],
    ['', 404, 'This server does not know the endpoint: it is too old for it, or the url is wrong'],
    ['', 400, undefined],
  ])('says of a refusal with the code "%s" under %d what to do', (code, status, hint) =>
    expect(refusal(classify(status, { success: false, error: code === '' ? 'No' : `error-${code}` })).hint).toBe(hint),
  );

  it('names a request that is too large by its status, and what makes it so', () => {
    const error = refusal(classify(413, ''));
    expect(error.message).toMatch(/: 413, the request is too large$/);
    expect(error.hint).toBe('Ask for fewer mentionIds or starredIds at once');
  });

  it('names what came in place of JSON, and blames the address only where something else speaks', () => {
    const fault = (status: number, body: string) => {
      const outcome = classify(status, body);
      return outcome.kind === 'transient' ? [outcome.error.reason, outcome.error.message, outcome.error.hint] : outcome;
    };
    const from = 'Cannot read "groups.messages" (room "r1") from http://chat.example.org';
    const address = expect.stringMatching(/^Check the url/);
    expect(fault(200, '{"a":')).toEqual([
      'not-json',
      `${from}: 200 JSON that breaks off or is broken (5 bytes)`,
      undefined,
    ]);
    expect(fault(200, '[]')).toEqual(['not-json', `${from}: 200 no JSON object (2 bytes)`, address]);
    expect(fault(200, `  ${page}`)).toEqual(['not-json', `${from}: 200 a web page instead of JSON`, address]);
    expect(fault(500, page)).toEqual(['http-500', `${from}: 500 the server or a proxy failed`, undefined]);
    expect(fault(502, page)).toEqual(['http-502', `${from}: 502 the server or a proxy failed`, undefined]);
    expect(fault(500, '{"success":false,"error":"Oops"}')).toEqual(['http-500', `${from}: 500 Oops`, undefined]);
    expect(fault(500, '{"success":false,"errorType":"error-oops"}')).toEqual([
      'http-500',
      `${from}: 500 oops`,
      undefined,
    ]);
    expect(fault(503, '{}')).toEqual(['http-503', `${from}: 503 without a reason`, undefined]);
    expect(fault(425, '{"success":false}')).toEqual(['http-425', `${from}: 425 without a reason`, undefined]);
  });

  it('reads of a page its outline, and all of what is none', () => {
    const outline: RequestInfo = { ...request, extent: 'outline' };
    const row = { _id: 'a', ts: '2024-01-05T10:00:00.000Z' };
    const body = { messages: [{ ...row, msg: 'é' }], success: true };
    expect(classifyResponse(response(200, body), outline)).toEqual({
      ...{ kind: 'ok', extent: 'outline' },
      value: { messages: [{ ...row, _hidden: false }], success: true },
    });
    const listed = { ims: ['é'], success: true };
    expect(classifyResponse(response(200, { ...listed, status: 'x' }), outline)).toEqual({
      kind: 'ok',
      value: { ...listed, status: 'x' },
    });
    const refused = classifyResponse(response(200, { success: false, error: 'né' }), outline);
    expect(refusal(refused).message).toContain('né');
    expect(refusal(classifyResponse(response(400, { success: true, error: 'né' }), outline)).message).toContain('né');
  });

  it('asks a proxy for its login, or for the right address of the same host', () => {
    const proxied = refusal(classifyResponse(response(407, ''), { ...request, proxy: 'http://proxy:3128' }));
    expect(proxied.message).toMatch(/: 407 from the proxy http:\/\/proxy:3128: it wants a user and password$/);
    expect(proxied.hint).toContain('HTTP_PROXY=http://user:password@host:port');
    const redirect = (url: string, location: string) =>
      refusal(classifyResponse(response(301, '', { location }), { ...request, url })).hint;
    expect(redirect('http://chat.example.org', 'https://chat.example.org/x')).toBe(
      'Write the url as https://chat.example.org',
    );
    expect(redirect('http://chat.example.org/rocket', 'https://chat.example.org/x')).toBe(
      'Write the url as https://chat.example.org, with the same path',
    );
    expect(redirect('http://chat.example.org', 'https://other.example.org')).toMatch(
      /^If https:\/\/other.example.org is/,
    );
  });

  it('says which port speaks https', () => {
    const error = refusal(classify(400, '<html>The plain HTTP request was sent to HTTPS port</html>'));
    expect(error.message).toMatch(/: the server wants https on this port$/);
    expect(error.hint).toContain('https://chat.example.org');
    // A page of a server that was asked by https is none of its own port.
    const secure = { ...request, url: 'https://chat.example.org' };
    const quoted = response(502, '<html>The plain HTTP request was sent to HTTPS port</html>');
    expect(classifyResponse(quoted, secure)).toMatchObject({ kind: 'transient' });
  });

  it.each([
    [
      429,
      {
        success: false,
        error: 'You must wait 26 seconds before trying this endpoint again. [error-too-many-requests]',
      },
      {},
      26_000,
    ],
    [429, { success: false, error: 'You must wait 1 second before' }, {}, 1_000],
    [429, page, { 'retry-after': '7' }, 7_000],
    [429, { success: false, error: 'Too many requests' }, { 'retry-after': '7' }, 7_000],
    [429, page, { 'retry-after': '1000000000000' }, 1e15],
    [429, page, { 'retry-after': '9'.repeat(400) }, Number.MAX_SAFE_INTEGER],
    [429, { success: false, error: 'You must wait 10000000000 seconds before' }, {}, 1e13],
    [429, '', {}, undefined],
    [429, '', { 'retry-after': '-5' }, undefined],
    [429, '', { 'retry-after': '5s' }, undefined],
    [429, '', { 'retry-after': 'Wed, 21 Oct 2026 07:28:00 GMT' }, undefined],
    [400, { success: false, error: 'wait 3 seconds', errorType: 'error-too-many-requests' }, {}, 3_000],
  ])('reads how long to wait out of %d %j %j', (status, body, headers, retryAfterMs) => {
    expect(classify(status, body, headers)).toEqual({ kind: 'rate-limited', retryAfterMs });
  });

  it('passes on the wish of a server in maintenance', () => {
    expect(classify(503, page, { 'retry-after': '20' })).toMatchObject({ kind: 'transient', retryAfterMs: 20_000 });
  });

  it('repeats the text of the server without secrets, without control characters and not at length', () => {
    const error = refusal(
      classify(400, { success: false, error: `\u001b[31mtoken s3cret-token\r\n${'x'.repeat(10_000)}` }),
    );
    expect(error.message).toContain('400 [31mtoken [secret] xxx');
    expect(error.message.length).toBeLessThan(350);
  });
});

describe('classifyFailure', () => {
  const fail = (code: string) => classifyFailure({ code, message: `failed with s3cret-token (${code})` }, request);

  it.each([
    'ECONNREFUSED',
    'ENOTFOUND',
    'EAI_AGAIN',
    'EHOSTUNREACH',
    'ENETUNREACH',
    'ECONNRESET',
    'EPIPE',
    'ETIMEDOUT',
    'Z_BUF_ERROR',
    'Z_DATA_ERROR',
    'HPE_INVALID_CONSTANT',
    'ESOMETHING',
  ])('asks again after %s', (code) => {
    const outcome = fail(code);
    expect(outcome).toMatchObject({ kind: 'transient', error: { cause: { code } } });
    expect(JSON.stringify(outcome) + (outcome.kind === 'transient' ? String(outcome.error.cause) : '')).not.toContain(
      's3cret',
    );
  });

  it.each([
    ['CERT_HAS_EXPIRED', 'Renew'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'NODE_EXTRA_CA_CERTS'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'NODE_EXTRA_CA_CERTS'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'host name'],
    ['EPROTO', 'http://'],
  ])('does not ask again after %s, and says what to do', (code, hint) => {
    const error = refusal(fail(code));
    expect(error).toBeInstanceOf(UnreachableError);
    expect(error.hint).toContain(hint);
  });

  const from = 'Cannot read "groups.messages" (room "r1") from http://chat.example.org';
  const ca =
    'If the certificate is from a private authority, name its file in the job (server.tls.ca) or in the environment variable NODE_EXTRA_CA_CERTS';
  const said = (outcome: Outcome) => {
    if (outcome.kind !== 'permanent' && outcome.kind !== 'transient') return [outcome.kind];
    const { message, hint } = outcome.error;
    return [message.replace(`${from}: `, ''), hint];
  };

  it.each([
    ['CERT_HAS_EXPIRED', 'the certificate has expired', 'Renew the certificate, or check the clock of this machine'],
    ['CERT_NOT_YET_VALID', 'the certificate is not valid yet', 'Check the clock of this machine'],
    [
      'ERR_TLS_CERT_ALTNAME_INVALID',
      'the certificate is for another host name',
      'Write the url with a host name that the certificate lists',
    ],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'the certificate is self-signed', ca],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'the certificate chain ends in an unknown authority', ca],
    ['UNABLE_TO_GET_ISSUER_CERT', 'the issuer of the certificate is unknown', ca],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'the issuer of the certificate is unknown', ca],
    ['CERT_REVOKED', 'the certificate was revoked', 'Ask the administrator of the server'],
    ['CERT_UNTRUSTED', 'the certificate is not trusted', ca],
    [
      'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED',
      'the server wants a client certificate',
      'Name its file and that of its key in the job (server.tls.cert and server.tls.key)',
    ],
    [
      'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA',
      'the server does not trust the client certificate',
      'Check server.tls.cert of the job: who signed it, and whether it holds the whole chain',
    ],
    ['EPROTO', 'no TLS on this port', 'Check the port, or write http:// if the server has no TLS'],
    ['ERR_TLS_RENEGOTIATION_DISABLED', 'TLS failed', undefined],
    ['ECONNREFUSED', 'nothing listens there', 'Check the host and the port, and that the server is up'],
    ['ENOTFOUND', 'no such host', 'Check the host name in the url'],
    ['EAI_AGAIN', 'the name server does not respond', 'Check the network and the DNS of this machine'],
    ['EHOSTUNREACH', 'no route to the host', 'Check the network, a VPN or a firewall'],
    ['ENETUNREACH', 'no network', 'Check the network of this machine'],
    ['ECONNRESET', 'the connection broke off', 'If the server wants TLS on this port, write the url with https://'],
    ['ECONNABORTED', 'the connection broke off', undefined],
    ['EPIPE', 'the connection broke off', undefined],
    ['ETIMEDOUT', 'no answer in time', undefined],
    ['Z_BUF_ERROR', 'the compressed answer broke off', undefined],
    ['Z_DATA_ERROR', 'the compressed answer is damaged', undefined],
    [
      'HPE_INVALID_CONSTANT',
      'the response is not HTTP',
      'Check the port, and whether the url should begin with https://',
    ],
    ['ESOMETHING', 'failed with [secret] (ESOMETHING)', undefined],
  ])('says what %s means, and what to do about it', (code, words, hint) =>
    expect(said(fail(code))).toEqual([`${words} (${code})`, hint]),
  );

  it('guesses at TLS only where a plain connection breaks off', () => {
    const failure = { code: 'ECONNRESET', message: 'socket hang up' };
    const secure = classifyFailure(failure, { ...request, url: 'https://chat.example.org' });
    expect(secure).toMatchObject({ kind: 'transient', error: { reason: 'connection' } });
    expect(said(secure)[1]).toBeUndefined();
    expect(fail('ETIMEDOUT')).toMatchObject({ error: { reason: 'timeout' } });
  });

  it.each(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'])(
    'blames the proxy for %s: through one, the program connects to nothing else',
    (code) => {
      const [message, hint] = said(classifyFailure({ code, message: '' }, { ...request, proxy: 'http://proxy:3128' }));
      expect(message).toMatch(/^the proxy http:\/\/proxy:3128: /);
      expect(hint).toBe('Check HTTPS_PROXY, HTTP_PROXY and ALL_PROXY, or list the host of the server in NO_PROXY');
    },
  );

  it('does not blame the proxy for a connection through it that breaks off', () => {
    const failure = { code: 'EPIPE', message: '' };
    expect(said(classifyFailure(failure, { ...request, proxy: 'http://proxy:3128' }))).toEqual([
      'the connection broke off (EPIPE)',
      undefined,
    ]);
  });

  it.each([
    [
      '403',
      'does not allow this server',
      'permanent',
      'Ask the administrator of the proxy, or list the host in NO_PROXY',
    ],
    [
      '405',
      'does not connect to this port',
      'permanent',
      'Ask the administrator of the proxy, or list the host in NO_PROXY',
    ],
    [
      '407',
      'wants a user and password',
      'permanent',
      'Put them into the address of the proxy: HTTPS_PROXY=http://user:password@host:port',
    ],
    ['502', 'did not get through to the server', 'transient', undefined],
  ])('of a proxy that answers %s to CONNECT says that it %s', (status, words, kind, hint) => {
    const failure = { code: 'ERR_PROXY_REFUSED', message: status };
    const outcome = classifyFailure(failure, { ...request, proxy: 'http://proxy:3128' });
    expect(outcome).toMatchObject({ kind, error: { cause: { code: 'ERR_PROXY_REFUSED' } } });
    expect(said(outcome)).toEqual([`the proxy http://proxy:3128 ${words} (${status})`, hint]);
  });

  it('blames the server for a private authority no more than the authority for a missing certificate', () => {
    const { message, hint } = refusal(fail('UNABLE_TO_VERIFY_LEAF_SIGNATURE'));
    expect(message).toContain('the issuer of the certificate is unknown, and the server does not send it');
    expect(hint).toMatch(/server\.tls\.ca.*otherwise the server has to send the whole chain/);
  });

  it('does not blame the server alone for a failure of TLS that may be that of the proxy', () => {
    const failure = { code: 'EPROTO', message: 'wrong version number' };
    const through = (proxy: string) => refusal(classifyFailure(failure, { ...request, proxy }));
    expect(through('https://proxy:3128').message).toContain('or on that of the proxy https://proxy:3128');
    expect(through('https://proxy:3128').hint).toMatch(/^Check both ports; most proxies are reached by http:/);
    expect(through('http://proxy:3128').message).not.toContain('proxy');
    const expired = classifyFailure({ code: 'CERT_HAS_EXPIRED', message: '' }, { ...request, proxy: 'https://proxy' });
    expect(refusal(expired).message).not.toContain('proxy');
  });

  it('knows TLS failures without an entry of their own', () => {
    expect(refusal(fail('ERR_SSL_NO_CIPHER_MATCH')).message).toContain('TLS failed');
  });

  it('makes an answer that cannot be held a matter of its room, or of the server where it has none', () => {
    const failure = { code: 'ERR_BUFFER_TOO_LARGE', message: '' };
    const ofRoom = classifyFailure(failure, { ...request, query: { roomId: 'r1', count: 100 } });
    expect(refusal(ofRoom)).toMatchObject({ reason: 'too-large', cause: { code: 'ERR_BUFFER_TOO_LARGE' } });
    expect(said(ofRoom)).toEqual([
      'the response of this room takes more than 256 MB (decoded)',
      'If it is a page, set a smaller pageSize',
    ]);
    const ofServer = refusal(classifyFailure(failure, { ...request, endpoint: 'rooms.get', query: {} }));
    expect(ofServer).toBeInstanceOf(UnreachableError);
    expect(ofServer.message).toMatch(/: the response takes more than 256 MB \(decoded\)$/);
    expect(ofServer).toMatchObject({
      hint: 'Check the url, and what stands between here and the server',
      cause: { code: 'ERR_BUFFER_TOO_LARGE' },
    });
  });
});
