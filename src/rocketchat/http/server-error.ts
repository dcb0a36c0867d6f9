import { isRecord } from '../../model/json/is-record.ts';

/** What a Rocket.Chat error body says, whichever of its spellings the server uses. */
export interface ServerError {
  /** Stable word without the `error-` prefix (`room-not-found`, `totp-required`), '' when the body has none. */
  readonly code: string;
  /** The server's own words. */
  readonly text: string;
}

/** `error-room-not-found` and `room-not-found` are one code: servers before 8.8 drop the prefix for some. */
const codeShape = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)+$/;

/** A code goes into the manifest as a reason: nothing but a word may. */
const longestCode = 80;

function isCode(value: unknown): value is string {
  return typeof value === 'string' && value.length <= longestCode && codeShape.test(value);
}

function bracketedCode(text: string): string | undefined {
  return /\[([a-z0-9-]+)\]$/.exec(text)?.[1];
}

/**
 * Reads the error out of a parsed body. The code may be `errorType`, may stand in brackets at the end of `error`, or may
 * be all of `error` (`{"success":false,"error":"error-not-allowed"}`); the login names it in `error` and the reason in
 * `message`; servers before about 7.4 answer 401 with `status` and `message` alone.
 */
export function readServerError(body: Readonly<Record<string, unknown>>): ServerError {
  const { errorType, error, message, details } = body;
  const text =
    [message, error].find((part): part is string => typeof part === 'string' && part !== '') ??
    (isRecord(error) && typeof error['message'] === 'string' ? error['message'] : '');
  const candidates = [
    errorType,
    typeof error === 'string' ? bracketedCode(error) : undefined,
    error,
    isRecord(error) ? error['error'] : undefined,
    isRecord(details) && details['method'] === 'totp' ? 'totp-required' : undefined,
  ];
  const code = candidates.find((candidate) => isCode(candidate)) ?? '';
  return { code: code.replace(/^error-/, ''), text };
}
