import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import type { ServerSettings } from '../../../src/demo/server/server-settings.ts';

/** What can be told to another process. */
export type ChildRules = Partial<Omit<ServerSettings, 'now'>>;

export interface ChildServer {
  readonly url: string;
  close(): Promise<void>;
}

export type ServedKind = { readonly kind: 'sample' } | { readonly kind: 'bench'; readonly messages: number };

/**
 * Serves the sample or a bench workspace from a process of its own, so that a benchmark does not share its core with
 * the server. Runs the build in build/, which has to exist: Node 20 reads no TypeScript. The child ends with its parent.
 */
export async function spawnServer(workspace: ServedKind, rules: ChildRules = {}): Promise<ChildServer> {
  const build = pathToFileURL(`${join(import.meta.dirname, '../../../build/demo')}/`).href;
  const code = `
    const [build, workspace, rules] = JSON.parse(process.argv[1]);
    const { serveWorkspace } = await import(build + 'server/server.js');
    const made =
      workspace.kind === 'sample'
        ? (await import(build + 'sample/sample-workspace.js')).createSampleWorkspace()
        : (await import(build + 'bench/bench-workspace.js')).createBenchWorkspace(workspace.messages);
    console.log((await serveWorkspace(made, rules)).url);
    process.stdin.on('end', () => process.exit()).resume();
  `;
  const child = spawn(
    process.execPath,
    ['--input-type=module', '--eval', code, JSON.stringify([build, workspace, rules])],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  const exited = once(child, 'exit');
  const lines = createInterface({ input: child.stdout });
  const url = await Promise.race([
    once(lines, 'line').then(([line]: unknown[]) => String(line)),
    exited.then(() => Promise.reject(new Error('The server process ended before it listened (is build/ there?)'))),
  ]);
  return {
    url,
    close: async () => {
      child.stdin.end();
      await exited;
    },
  };
}
