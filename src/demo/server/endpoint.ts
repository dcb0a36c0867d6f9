import type { Params } from './params.ts';
import type { QuerySchema } from './query-schema.ts';
import type { Reply } from './reply.ts';
import type { ServerSettings } from './server-settings.ts';
import type { Workspace, WorkspaceUser } from '../workspace/workspace.ts';

/** A request that has passed authentication, rate limit and validation. */
export interface Call {
  readonly workspace: Workspace;
  readonly rules: ServerSettings;
  readonly params: Params;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Parsed JSON of a POST; undefined otherwise. */
  readonly body: unknown;
}

/** A call by a known user. */
export interface UserCall extends Call {
  readonly user: WorkspaceUser;
  readonly token: string;
}

interface Route {
  readonly method: 'GET' | 'POST';
  /** `permissionsRequired` of the route: without it 403, before anything else is checked. */
  readonly permission?: string;
  /**
   * The schema for this version, null when it does not validate. `typed` routes validate before the rate limit and
   * name their errors `error-invalid-params`, the others after it and `invalid-params`.
   */
  schema?(version: string): { readonly typed: boolean; readonly query: QuerySchema } | null;
}

export type Endpoint = Route &
  ({ readonly access: 'open'; answer(call: Call): Reply } | { readonly access: 'user'; answer(call: UserCall): Reply });
