import { exitCodes } from '../errors.ts';
import type { Context } from './command.ts';

/**
 * Serves the sample workspace until a signal comes, and prints what a shell needs to log in there: its token protects
 * nothing but sample messages, on loopback.
 */
export async function serveSample({ processContext, log }: Pick<Context, 'processContext' | 'log'>): Promise<number> {
  const [{ createSampleWorkspace }, { serveWorkspace }, { sampleLogin }] = await Promise.all([
    import('../demo/sample/sample-workspace.ts'),
    import('../demo/server/server.ts'),
    import('../demo/sample/sample-login.ts'),
  ]);
  const signal = processContext.interruption();
  const server = await serveWorkspace(createSampleWorkspace());
  try {
    processContext.stdout.write(`# A sample workspace, until Ctrl-C. In another terminal:
export ROCKETCHAT_URL=${server.url}
export ROCKETCHAT_USER_ID=${sampleLogin.userId}
export ROCKETCHAT_AUTH_TOKEN=${sampleLogin.authToken}
npx rocketchat-export rooms
`);
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    log.info('Stopped serving the sample workspace');
    return exitCodes.complete;
  } finally {
    await server.close();
  }
}
