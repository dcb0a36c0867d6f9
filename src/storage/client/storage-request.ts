/** One request of the S3 API. */
export interface StorageRequest {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE';
  /** Of an object, below the prefix; absent: the bucket itself. */
  readonly key?: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Held in memory: what is larger than a part is sent in parts. */
  readonly body?: Uint8Array;
  /** Completes "Cannot …" where it fails. */
  readonly action: string;
  /** Statuses that mean something to the caller; any other that is not 2xx is an error. */
  readonly expected?: readonly number[];
}

/** What a store says. */
export interface StorageAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
  /** The store's own time, epoch milliseconds; undefined: it does not say. */
  readonly dateMs: number | undefined;
}
