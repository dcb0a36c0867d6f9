import type { IncomingHttpHeaders } from 'node:http';
import type { ExportError, RoomError } from '../../errors.ts';
import type { JsonObject } from '../../model/json/json-value.ts';
import type { Query } from '../../model/rocketchat.ts';

/** One request, as the classifiers need it to put an error into words. */
export interface RequestInfo {
  readonly method: 'GET' | 'POST';
  /** `groups.messages`, `login`, `/api/info`… */
  readonly endpoint: string;
  readonly query: Query;
  /** Of the room that the query names by its id, if it is known. */
  readonly roomName?: string;
  /** The workspace's address without credentials. Its origin is all of it that may be shown. */
  readonly url: string;
  /** The address of the proxy that the request goes through, without credentials. */
  readonly proxy?: string;
  /** Strings that must not leave the program, whatever text of the server repeats them. */
  readonly secrets: readonly string[];
  /** See Call. */
  readonly extent?: 'outline';
}

/** An answer as it came, its body decompressed. */
export interface WireResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A request that got no whole answer. `code` is Node's (`ECONNREFUSED`, `ETIMEDOUT`…). */
export interface WireFailure {
  readonly code: string;
  readonly message: string;
}

/** Why an attempt failed, before it is known whether it was the last one. */
export interface Fault {
  /** Stable word for a manifest, should it be the last word about a room: `http-504`, `timeout`, `not-json`… */
  readonly reason: string;
  readonly message: string;
  readonly hint?: string;
  readonly cause?: Error;
}

/** What one attempt came to, sorted by what the sender does next. */
export type Outcome =
  | { readonly kind: 'ok'; readonly value: JsonObject; readonly extent?: 'outline' }
  /** Send again later; `retryAfterMs` is the server's own wish. */
  | { readonly kind: 'transient'; readonly error: Fault; readonly retryAfterMs?: number }
  /** Wait for the endpoint's budget; `retryAfterMs` is what the body or `Retry-After` says, rounded up by the server. */
  | { readonly kind: 'rate-limited'; readonly retryAfterMs: number | undefined }
  | { readonly kind: 'permanent'; readonly error: ExportError }
  /**
   * 401 in Rocket.Chat's own words. From 9.0 on it may also mean that this login lacks a permission for this request:
   * then it is `otherwise`, and `me` answers this login as before. Source: ApiClass.ts (applyBreakingChanges)
   */
  | { readonly kind: 'login-refused'; readonly error: ExportError; readonly otherwise: RoomError };

/** `Cannot read "groups.messages" (room "general", id "GENERAL") from https://chat.example.org`: the start of every message. */
export function describeRequest({ method, endpoint, query, roomName, url }: RequestInfo): string {
  const room = query['roomId'] ?? query['roomName'];
  const named = roomName === undefined ? '' : `${JSON.stringify(roomName)}, id `;
  const where = room === undefined ? '' : ` (room ${named}${JSON.stringify(room)})`;
  return `Cannot ${method === 'GET' ? 'read' : 'post to'} "${endpoint}"${where} ${method === 'GET' ? 'from' : 'at'} ${new URL(url).origin}`;
}
