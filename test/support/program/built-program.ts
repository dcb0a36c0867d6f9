import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { Job } from '../../../src/job/job.ts';

const root = join(import.meta.dirname, '../../..');

export interface Ended {
  /** Exit code; null when a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stderr: string;
}

export interface Child {
  readonly process: ChildProcess;
  readonly ended: Promise<Ended>;
}

function start(args: readonly string[], command: readonly [string, ...string[]] = [process.execPath]): Child {
  const [program, ...before] = command;
  const stdio = ['ignore', 'ignore', 'pipe'] as const;
  const child = spawn(program, [...before, ...args], { cwd: root, env: {}, stdio: [...stdio] });
  const stderr: Buffer[] = [];
  child.stderr.on('data', (chunk: Buffer) => void stderr.push(chunk));
  const ended = once(child, 'close').then(([code, signal]: unknown[]): Ended => ({
    code: typeof code === 'number' ? code : null,
    signal: typeof signal === 'string' ? (signal as NodeJS.Signals) : null,
    stderr: Buffer.concat(stderr).toString(),
  }));
  return { process: child, ended };
}

/** The program itself, as a user starts it. */
export function startProgram(jobFile: string): Child {
  return startVerb('run', jobFile);
}

/** The program in a PID namespace of its own, as in a container: it is process 1 there. Killing it kills all of it. */
export function startInPod(jobFile: string): Child {
  const unshare = ['unshare', '--pid', '--fork', '--mount-proc', '--kill-child', process.execPath] as const;
  return start([join(root, 'dist/bin.js'), 'run', jobFile], [...unshare]);
}

/** Any command of the program. */
export function startVerb(...args: readonly string[]): Child {
  return start([join(root, 'dist/bin.js'), ...args]);
}

/** The program's pipeline on a disk that kills the process in the middle of a step; see dying-run.mjs. */
export function startDyingRun(jobFile: string, step: number): Child {
  return start([join(root, 'test/long/dying-run.mjs'), jobFile, String(step)]);
}

/** Writes a job as the file that a user would have written. */
export async function writeJobFile(path: string, job: Job): Promise<string> {
  const { server, ...rest } = job;
  if (server.login.kind !== 'token') throw new Error('A job file of a test logs in with a token');
  const { userId, authToken } = server.login;
  await writeFile(path, stringify({ ...rest, server: { url: server.url, userId, authToken } }));
  return path;
}
