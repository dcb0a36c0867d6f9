import { sampleLogin } from '../../../src/demo/sample/sample-login.ts';
import type { Rules } from '../../../src/demo/server/rules.ts';
import { serveWorkspace, type ServedWorkspace } from '../../../src/demo/server/server.ts';
import type { Workspace } from '../../../src/demo/workspace/workspace.ts';

export interface PlainAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed JSON. */
  readonly body: Readonly<Record<string, unknown>>;
  /** `_id` of each of `messages`. */
  readonly ids: readonly string[];
}

export type Query = Readonly<Record<string, string | number>>;

export interface DemoClient {
  readonly served: ServedWorkspace;
  /** GET /api/v1/<endpoint> as the sample login. */
  readonly get: (endpoint: string, query?: Query, headers?: Readonly<Record<string, string>>) => Promise<PlainAnswer>;
  readonly post: (endpoint: string, body: unknown, headers?: Readonly<Record<string, string>>) => Promise<PlainAnswer>;
}

export const loginHeaders = { 'x-auth-token': sampleLogin.authToken, 'x-user-id': sampleLogin.userId };

/** Serves a workspace while `use` talks to it, with nothing between: what comes back is what the server sent. */
export async function withDemoServer(
  workspace: Workspace,
  rules: Partial<Rules>,
  use: (client: DemoClient) => Promise<void>,
): Promise<void> {
  const served = await serveWorkspace(workspace, rules);
  try {
    await use({
      served,
      get: (endpoint, query = {}, headers = loginHeaders) => {
        const search = new URLSearchParams();
        for (const [name, value] of Object.entries(query)) search.append(name, String(value));
        return read(fetch(`${served.url}/api/v1/${endpoint}?${search.toString()}`, { headers }));
      },
      post: (endpoint, body, headers = {}) =>
        read(fetch(`${served.url}/api/v1/${endpoint}`, { method: 'POST', headers, body: JSON.stringify(body) })),
    });
  } finally {
    await served.close();
  }
}

async function read(asked: Promise<Response>): Promise<PlainAnswer> {
  const response = await asked;
  const body = (await response.json()) as Record<string, unknown>;
  const messages = Array.isArray(body['messages']) ? (body['messages'] as { _id: string }[]) : [];
  return { status: response.status, headers: response.headers, body, ids: messages.map(({ _id }) => _id) };
}
