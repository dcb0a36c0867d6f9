import type { Exchange } from './exchange.ts';
import type { ServerSettings } from './server-settings.ts';

/** How a server behaves. */
export interface Rules extends ServerSettings {
  /**
   * Called when a request comes in, before it is answered. May change the workspace or the rules; when it answers
   * true, it has taken the response over and the server leaves it alone.
   */
  intercept: ((exchange: Exchange) => boolean) | null;
}

/** Settings as a new installation has them, except for the rate limit, which is off. */
export const defaultRules: Readonly<Rules> = {
  version: '8.8',
  cap: 100,
  defaultCount: 50,
  allowInfiniteCount: true,
  rateLimit: null,
  bypassesRateLimit: false,
  deniedPermissions: [],
  usersListNeedsViewOutsideRoom: false,
  hiddenTypes: [],
  protectsFiles: true,
  restrictsFiles: false,
  blocksAvatars: false,
  latencyMs: 0,
  now: Date.now,
  intercept: null,
};
