import { createServer } from 'node:net';
import type { Rules } from '../../../src/demo/server/rules.ts';
import { serveWorkspace, type ServedWorkspace } from '../../../src/demo/server/server.ts';
import type { Workspace } from '../../../src/demo/workspace/workspace.ts';

/** A server that can go away and come back at the same address, as in a restart. */
export interface RestartableServer {
  readonly url: string;
  /** The server of the time; after `stop` the last one. */
  readonly current: ServedWorkspace;
  /** From now on connections are refused. */
  stop(): Promise<void>;
  /** Sessions go on, the rate limiter begins anew, the request log too. */
  start(): Promise<void>;
}

export async function serveRestartably(workspace: Workspace, rules: Partial<Rules> = {}): Promise<RestartableServer> {
  let current = await serveWorkspace(workspace, rules);
  const { url, port } = current;
  return {
    url,
    get current() {
      return current;
    },
    stop: () => current.close(),
    start: async () => {
      current = await serveWorkspace(workspace, rules, { port });
    },
  };
}

/** An address on loopback where nobody listens: connections are refused. */
export async function refusedUrl(): Promise<string> {
  const server = createServer();
  const port = await new Promise<number>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (address === null || typeof address === 'string') reject(new Error('A TCP server should have a port'));
      else resolve(address.port);
    });
  });
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}
