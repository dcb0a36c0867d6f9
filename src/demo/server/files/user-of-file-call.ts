import type { IncomingHttpHeaders } from 'node:http';
import { text, type Params } from '../params.ts';
import type { Workspace, WorkspaceUser } from '../../workspace/workspace.ts';

/**
 * Who asks for a file: by query, else cookies, else headers. undefined: a stranger.
 *
 * @param headersCount false: of an avatar, for which the server looks into query and cookies alone
 */
export function userOfFileCall(
  workspace: Workspace,
  params: Params,
  headers: IncomingHttpHeaders,
  headersCount = true,
): WorkspaceUser | undefined {
  const cookies = new Map(
    (headers.cookie ?? '').split(';').map((pair): [string, string] => {
      const [name = '', value = ''] = pair.trim().split('=', 2);
      return [name, decodeURIComponent(value)];
    }),
  );
  const header = (name: string): string | undefined => {
    const value = headersCount ? headers[name] : undefined;
    return typeof value === 'string' ? value : undefined;
  };
  const byQuery = text(params, 'rc_uid') !== undefined;
  const userId = (byQuery ? text(params, 'rc_uid') : cookies.get('rc_uid')) ?? header('x-user-id');
  const token = (byQuery ? text(params, 'rc_token') : cookies.get('rc_token')) ?? header('x-auth-token');
  const user = token === undefined ? undefined : workspace.userOfToken(token);
  return user?.id === userId ? user : undefined;
}
