import type { SinkOptions } from '../sinks/sink-options.ts';

export type EndpointName = 'groups.messages' | 'chat.getMentionedMessages';

/** How to prove who we are. Never printed, never journaled. */
export type Login =
  | { readonly kind: 'token'; readonly userId: string; readonly authToken: string }
  | { readonly kind: 'password'; readonly user: string; readonly password: string };

/** What to read: one endpoint over some rooms. The optional filters are the endpoint's own. */
export interface ExtractEntry {
  readonly endpoint: EndpointName;
  /** Ids, names or globs; a leading `!` excludes. */
  readonly rooms: readonly string[];
  readonly mentionIds?: readonly string[];
  readonly starredIds?: readonly string[];
  readonly pinned?: boolean;
  /** groups.messages only. Default `messages`; `history` reads through groups.history, which has larger pages. */
  readonly via?: 'messages' | 'history';
  /** Rows asked for in one request; default: the largest page the server gives, via history 1,000. */
  readonly pageSize?: number;
}

export const tableNames = [
  'messages',
  'mentioned_messages',
  'mentions',
  'reactions',
  'attachments',
  'links',
  'rooms',
] as const;

export type TableName = (typeof tableNames)[number];

export interface TransformOptions {
  readonly tables: readonly TableName[];
  /** Keep `md` verbatim as a json column: it is most of every file. */
  readonly md?: 'json';
}

/** A job file, checked and with every default filled in. */
export interface Job {
  readonly name: string;
  readonly server: { readonly url: string; readonly login: Login };
  readonly extract: readonly ExtractEntry[];
  readonly transform: TransformOptions;
  readonly sinks: readonly SinkOptions[];
  /** Absolute path of the archive. */
  readonly output: string;
  /** Requests in flight. */
  readonly concurrency: number;
  /** Milliseconds a run may sleep for the rate limit in total; absent: as long as it takes. */
  readonly maxWaitMs?: number;
  /** Cron expression for `schedule`. */
  readonly schedule?: string;
  /** Keep the journals under `_raw/`. */
  readonly raw?: 'keep';
}
