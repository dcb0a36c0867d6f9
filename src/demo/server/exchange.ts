import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Params } from './params.ts';
import type { Reply } from './reply.ts';
import type { ServerSettings } from './server-settings.ts';

/** One request and its answer, as `Rules.intercept` sees it. */
export interface Exchange {
  /** Counts from 1 over all requests of a server. */
  readonly number: number;
  readonly method: string;
  /** `groups.messages`; for a path outside /api/v1 the path. */
  readonly endpoint: string;
  readonly params: Params;
  /** The settings in force: what is changed here holds from this request on. */
  readonly settings: ServerSettings;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** What the server would answer; asking makes the call, rate limit included. */
  reply(): Reply;
}

/** What a request was and how it was answered. */
export interface RequestRecord {
  readonly number: number;
  readonly method: string;
  readonly endpoint: string;
  readonly params: Params;
  /** null when `Rules.intercept` took the response over. */
  readonly status: number | null;
}
