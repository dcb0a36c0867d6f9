/** How many calls of one route an address may make in a window. */
export interface RateLimit {
  readonly calls: number;
  readonly windowMs: number;
}

/** The server's version and settings. Read anew for every request: an admin may change them meanwhile. */
export interface ServerSettings {
  /** `8.8` or `8.8.1`: answers, checks and error bodies follow it. */
  version: string;
  /** API_Upper_Count_Limit: the most rows a page holds, whatever is asked for. */
  cap: number;
  /** API_Default_Count: rows of a page when no count is asked for. */
  defaultCount: number;
  /** API_Allow_Infinite_Count: whether count=0 means everything. */
  allowInfiniteCount: boolean;
  /** null: off, or the user has the permission api-bypass-rate-limit. Then no X-RateLimit header is sent either. */
  rateLimit: RateLimit | null;
  /**
   * Whether users have the permission api-bypass-rate-limit, on a server that counts a call before it looks that up: the
   * headers come all the same, and `remaining` falls to 0. Source: ApiClass.ts (enforceRateLimit)
   */
  bypassesRateLimit: boolean;
  /** Permissions that users of this workspace have by default and here have not: `view-c-room`. */
  deniedPermissions: readonly string[];
  /** API_Apply_permission_view-outside-room_on_users-list: whether users.list asks for that permission, too. */
  usersListNeedsViewOutsideRoom: boolean;
  /** Hide_System_Messages: types that histories leave out. */
  hiddenTypes: readonly string[];
  /** FileUpload_ProtectFiles: whether files are for those who are logged in only. */
  protectsFiles: boolean;
  /** FileUpload_Restrict_to_room_members: whether files are for the members of their room only. */
  restrictsFiles: boolean;
  /** Accounts_AvatarBlockUnauthenticatedAccess: whether who is not logged in sees drawn letters in place of every avatar. */
  blocksAvatars: boolean;
  /** Added before a request is looked at. */
  latencyMs: number;
  /** Epoch milliseconds. */
  now: () => number;
}

/** The limit of a new installation: 10 calls a minute. Source: server/settings/rate.ts */
export const defaultRateLimit: RateLimit = { calls: 10, windowMs: 60_000 };
