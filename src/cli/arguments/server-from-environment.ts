import { UsageError } from '../../errors.ts';
import type { Job } from '../../job/job.ts';
import { formatProblems } from '../../job/problem.ts';
import { resolveJob } from '../../job/resolve-job.ts';
import { serverVariables } from '../../job/server-login.ts';
import type { ProcessContext } from '../process-context.ts';

/**
 * The workspace and the login for a command without a job: the address from `--url`, the rest from the environment.
 *
 * @param command whose help says more
 * @throws UsageError that names every variable that is missing or wrong
 */
export function serverFromEnvironment(
  url: string | undefined,
  { env, cwd }: Pick<ProcessContext, 'env' | 'cwd'>,
  command: 'rooms' | 'init' | 'worker' = 'rooms',
): Job['server'] {
  // A job around it: so its checks and its words are those of every job.
  const raw = {
    server: url === undefined ? {} : { url },
    extract: [{ rooms: ['*'] }],
    sinks: [{ format: 'parquet' }],
  };
  const resolution = resolveJob(raw, { env, cwd, defaultName: 'rooms', writtenAt: () => undefined });
  if (resolution.kind === 'job') return resolution.job.server;

  const variables: Readonly<Record<string, string>> = serverVariables;
  const lines = resolution.problems.map(({ path, text, hint, variable }) => {
    const key = String(path[1]);
    const named = variable ?? (key === 'url' && url !== undefined ? undefined : variables[key]);
    const label = named === undefined ? (key === 'url' ? '--url' : 'login') : `variable ${named}`;
    return { line: `${label}: ${text}`, ...(hint !== undefined && { hint }) };
  });
  const isOnlyAddress = resolution.problems.every(({ path, hint }) => path[1] === 'url' && hint === undefined);
  throw new UsageError(formatProblems('Cannot connect', lines), {
    hint: isOnlyAddress
      ? 'Write it as people open the workspace, for example https://chat.example.org'
      : `Run "rocketchat-export ${command} --help" to see which variables hold the login`,
  });
}
