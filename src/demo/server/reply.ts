import type { ByteText } from '../workspace/stored-message.ts';
import { atLeast } from './version.ts';

/** An answer before it is written to the socket. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export function jsonReply(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): Reply {
  return reply(status, Buffer.from(JSON.stringify(value)), headers);
}

/** A success whose body is JSON already. */
export function byteReply(bytes: ByteText): Reply {
  return reply(200, Buffer.from(bytes, 'latin1'), {});
}

function reply(status: number, body: Buffer, headers: Readonly<Record<string, string>>): Reply {
  return { status, headers: { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers }, body };
}

/** API.v1.success: the keys of the result, then `success`. */
export function success(value: Readonly<Record<string, unknown>>): Reply {
  return jsonReply(200, { ...value, success: true });
}

/** Thrown by an endpoint that says no. */
export class Refusal extends Error {
  readonly reply: Reply;

  constructor(reply: Reply) {
    super(reply.body.toString());
    this.reply = reply;
  }
}

/** API.v1.failure with a plain Error or a string: no errorType unless given. */
export function failure(error: string, errorType?: string): Refusal {
  return new Refusal(jsonReply(400, { success: false, error, ...(errorType === undefined ? {} : { errorType }) }));
}

/** API.v1.forbidden: 403, with a word that 9.0 changes. Source: ApiClass.ts (applyBreakingChanges) */
export function forbidden(version: string, error = atLeast(version, '9.0') ? 'forbidden' : 'unauthorized'): Refusal {
  return new Refusal(jsonReply(403, { success: false, error }));
}

/** What the route wrapper makes of a thrown Meteor.Error. Source: ApiClass.ts, the catch around every action. */
export function meteorError(code: string, reason?: string, details?: Readonly<Record<string, unknown>>): Refusal {
  const error = reason === undefined ? `[${code}]` : `${reason} [${code}]`;
  return new Refusal(
    jsonReply(400, { success: false, error, errorType: code, ...(details === undefined ? {} : { details }) }),
  );
}
