import type { Call } from './endpoint.ts';
import type { WorkspaceUser } from '../workspace/workspace.ts';

export interface Session {
  readonly user: WorkspaceUser;
  readonly token: string;
}

/** Whom the headers of a call log in; null: nobody. Source: ApiClass.ts (authenticatedRoute) */
export function sessionOf({ headers, workspace }: Pick<Call, 'headers' | 'workspace'>): Session | null {
  const token = headers['x-auth-token'];
  const user = typeof token === 'string' ? workspace.userOfToken(token) : undefined;
  return typeof token === 'string' && user !== undefined && user.id === headers['x-user-id'] ? { user, token } : null;
}
