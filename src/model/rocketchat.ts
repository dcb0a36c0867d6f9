import type { JsonObject } from './json/json-value.ts';
import type { Room } from './room.ts';

/** Query parameters; each is sent as given. Newer servers reject any parameter an endpoint does not know. */
export type Query = Readonly<Record<string, string | number>>;

/** A successful answer: the body verbatim (for the journal) and parsed. */
export interface Answer {
  readonly body: Buffer;
  readonly value: JsonObject;
  /** `outline`: of a page of messages `value` has what a walk needs, `_id`, `ts`, `_hidden`, `total`. Default: all. */
  readonly extent?: 'outline';
}

/** What happened at one endpoint since the connection was made; for the manifest and the summary. */
export interface EndpointCounts {
  readonly requests: number;
  /** Requests that were sent again after a transient failure. */
  readonly retries: number;
  /** Answers 429. */
  readonly rateLimited: number;
  /** Milliseconds that at least one request waited for the rate limit. */
  readonly waitedMs: number;
}

/** Asks for one answer after another. */
export interface PageReader {
  /** Like RocketChat.get; the answers before this one are no longer in use. */
  get(endpoint: string, query: Query, extent?: 'outline'): Promise<Answer>;
  /** The answers so far are no longer needed. */
  letGo(): void;
}

/** The beginning of a file's answer, its content still to come. Whoever gets one reads it to its end or drops it. */
export interface FileResponse {
  readonly kind: 'response';
  readonly status: number;
  /** By name in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** As it is sent. Reading it throws when the connection breaks. */
  readonly body: AsyncIterable<Uint8Array>;
  drop(): void;
}

/** No answer came, or one that leads nowhere. */
export interface FileFailure {
  readonly kind: 'failure';
  /** Why, in words without secrets. */
  readonly message: string;
}

/** A list of the login's own rooms that the server refused, although others could be had. */
export interface RoomsRefusal {
  /** What was refused, and what is not known without, in a sentence. */
  readonly note: string;
  /** Whether no list is left but that of private groups: rooms of other kinds may be there. */
  readonly isOnlyGroups: boolean;
}

/**
 * The workspace behind its one door: nothing else in the program touches the network. Whoever uses it sees endpoints and
 * answers, never URLs, headers, retries or waiting.
 */
export interface RocketChat {
  /** The origin of the server's address, for messages and the manifest: its path may be a secret. */
  readonly url: string;
  /** The user that the server logged us in as. */
  readonly user: { readonly id: string; readonly username: string };
  /** Of that user, when it logged in; null: the server does not say. */
  readonly roles: readonly string[] | null;
  /**
   * GET /api/v1/<endpoint>. Waits for the rate limit, retries transient failures, and resolves with a body that is
   * whole JSON with `success` not false.
   *
   * @param extent `outline`: of the value may be left out what no walk needs, see Answer
   * @throws RoomError for an answer that says no to this request for good (400, 403, 404), and for failures that outlast
   *   the patience with a room (`roomId`) while the server is well
   * @throws AccessError when the login is not (or no longer) good, UnreachableError when there is no server,
   *   StoppedError when transient failures or waiting outlast their budget, InterruptedError on a signal
   */
  get(endpoint: string, query: Query, extent?: 'outline'): Promise<Answer>;
  /** For whoever reads page by page: what it works on counts as in flight, so that answers together stay within memory. */
  reader(): PageReader;
  /**
   * `8.8`: major.minor is all that a server shows everybody, `8.8.1` what it shows those who may see statistics; null when
   * it shows nothing that is a version. Asks once, and never throws.
   */
  version(): Promise<string | null>;
  /** Every room this login has joined, or has been invited to or banned from, sorted by name then id. */
  rooms(onRefusal?: (refusal: RoomsRefusal) => void): Promise<readonly Room[]>;
  /** Every public channel, joined or not, sorted by name then id. @throws RoomError when the server refuses the list */
  channels(): Promise<readonly Room[]>;
  /** How many public channels there are, joined or not. @throws RoomError when the server refuses the list */
  countChannels(): Promise<number>;
  /** The discussions of a room, joined or not. @throws RoomError when the server refuses the list */
  discussions(roomId: string): Promise<readonly Room[]>;
  /** A room that may be in no list; undefined: of no kind known here. @throws RoomError when the server refuses it */
  room(roomId: string): Promise<Room | undefined>;
  /** Types of messages that the workspace hides in histories; null: it does not say. @throws RoomError when it refuses */
  hiddenTypes(): Promise<readonly string[] | null>;
  /**
   * GET of a file's content, which no rate limit of the API counts. Follows redirects; a server elsewhere is not shown who
   * asks. Asks once.
   *
   * @param path below the workspace's address: `/file-upload/<id>/<name>`
   * @param headers further ones, as `range`
   */
  openFile(path: string, headers: Readonly<Record<string, string>>): Promise<FileResponse | FileFailure>;
  /**
   * Makes a personal access token of this login, one that works without a second factor: for a login whose password alone
   * does not let in.
   *
   * @param name shown among the tokens of the account, where it must be new
   * @param code of the second factor
   * @throws SecondFactorError when the server does not take the code (one that came by mail is good for one call),
   *   AccessError when the account may make no tokens or has one of that name
   */
  createToken(name: string, code: string): Promise<string>;
  counts(): Readonly<Record<string, EndpointCounts>>;
  /** By endpoint, what its answers have reported so far. One that is absent was not asked, or reported no limit. */
  rateLimits(): Readonly<Record<string, RateLimit>>;
  /**
   * The earliest that the server's clock may show now, in epoch milliseconds: by the `Date` of its answers or, where
   * those have none, this machine's own clock.
   */
  serverNowMs(): number;
  /** Ends the session if we made it by password, and closes sockets. Never throws. */
  close(): Promise<void>;
}

/** The limit of one endpoint as its answers show it: so many calls in each window, for all clients of an address. */
export interface RateLimit {
  readonly calls: number;
  /** null: no answer was the first of a window, which alone shows how long it is. */
  readonly windowMs: number | null;
}
