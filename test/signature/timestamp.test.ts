import { describe, expect, it } from '@jest/globals';
import { sha256 } from '../../src/archive/hash-file.ts';
import { readTimestamp, timestampQuery } from '../../src/signature/timestamp.ts';

/** `echo -n hello > d; openssl ts -query -data d -sha256 -cert`, and what `openssl ts -reply` made of it (OpenSSL 3.0.19). */
const query = 'MEQCAQEwMTANBglghkgBZQMEAgEFAAQgLPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQCCQDLGvfJ8JyG0AEB/w==';
const reply = Buffer.from(
  'MIIDdjADAgEAMIIDbQYJKoZIhvcNAQcCoIIDXjCCA1oCAQMxDzANBglghkgBZQMEAgEFADBzBgsqhkiG9w0BCRABBKBkBGIwYAIBAQYEKgMEATAxMA0GCWCGSAFlAwQCAQUABCAs8k26X7CjDiboOyrFueKeGxYeXB+nQl5zBDNik4uYJAIBAhgPMjAyNjExMjcwMTE3MjhaMAMCAQECCQDLGvfJ8JyG0KCCAZYwggGSMIIBOaADAgECAhQ3BuXjaY6WXQgndBTpauU+zd6VtTAKBggqhkjOPQQDAjATMREwDwYDVQQDDAhUZXN0IFRTQTAeFw0yNjExMjcwMTE3MjhaFw0zNjExMjQwMTE3MjhaMBMxETAPBgNVBAMMCFRlc3QgVFNBMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEtVbdHzNuumjeT1vRGEhwBDQntmsaw1lOnQS6IK4z+01Ser08EevPItLFlOn3BtevDy9O6TkObqb6tUi4zsdvkqNrMGkwHQYDVR0OBBYEFF26wKIac7EiAhFPSkHkn9EvyHIqMB8GA1UdIwQYMBaAFF26wKIac7EiAhFPSkHkn9EvyHIqMA8GA1UdEwEB/wQFMAMBAf8wFgYDVR0lAQH/BAwwCgYIKwYBBQUHAwgwCgYIKoZIzj0EAwIDRwAwRAIgLqcZEC402R7Oc+U4YaDxoLfK1kbxVF4PcUml4FBrbsoCIAk1hBmQue8qsSOn8qqsbgkf1LhjJFWtRoZSENBl2g7gMYIBMzCCAS8CAQEwKzATMREwDwYDVQQDDAhUZXN0IFRTQQIUNwbl42mOll0IJ3QU6WrlPs3elbUwDQYJYIZIAWUDBAIBBQCggZgwGgYJKoZIhvcNAQkDMQ0GCyqGSIb3DQEJEAEEMBwGCSqGSIb3DQEJBTEPFw0yNjExMjcwMTE3MjhaMCsGCyqGSIb3DQEJEAIMMRwwGjAYMBYEFIlu96sHBb3uZwNssJqWP0RJIUpaMC8GCSqGSIb3DQEJBDEiBCB0SpWGzuvNuCxSLXeYsgcwRY8j1lt8LWErf+u8qI6UNDAKBggqhkjOPQQDAgRHMEUCIQCfhEOlC8ykiveRkTRXO4UleUd5nRVNEqwkJvfnQ0zujgIgcAcU6k6DdcugcKWACYL9Tykq3iidcECYv7JHK4FGBYc=',
  'base64',
);
const hash = sha256('hello');
const nonce = Buffer.from('cb1af7c9f09c86d0', 'hex');

describe('a time stamp', () => {
  it('is asked for by the bytes that openssl asks with', () =>
    expect(timestampQuery(hash, nonce).toString('base64')).toBe(query));

  it.each([
    ['0000000000000001', '020101'],
    ['0000000000000000', '020100'],
    ['00000000000000ff', '020200ff'],
  ])('is asked for with the nonce %s as short as DER has it', (bytes, integer) =>
    expect(timestampQuery(hash, Buffer.from(bytes, 'hex')).toString('hex')).toContain(`${hash}${integer}0101ff`),
  );

  it('says the time and the nonce', () =>
    expect(readTimestamp(reply, hash)).toEqual({ time: '2026-11-27T01:17:28Z', nonce: 'cb1af7c9f09c86d0' }));

  it('of something else is none', () =>
    expect(readTimestamp(reply, sha256('other'))).toEqual({ problem: 'it is of something else' }));

  it('that is refused is none', () =>
    expect(readTimestamp(Buffer.from('30053003020102', 'hex'), hash)).toEqual({
      problem: 'the authority refuses, with status 2',
    }));

  it.each(['', '<html>', '\u0030\u0080', '30053003020100'])('is no other answer: %j', (text) => {
    const bytes = /^[0-9a-f]{14}$/.test(text) ? Buffer.from(text, 'hex') : Buffer.from(text, 'latin1');
    expect(readTimestamp(bytes, hash)).toEqual({ problem: 'it is no answer of a time stamping authority' });
  });

  it('cut anywhere throws nothing, and is none', () => {
    for (let end = 0; end < reply.length; end += 1) {
      expect(readTimestamp(reply.subarray(0, end), hash)).toHaveProperty('problem');
    }
  });
});
