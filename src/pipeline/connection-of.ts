import type { Environment, RunOptions } from '../environment.ts';
import type { Job } from '../job/job.ts';
import { omitUndefined } from '../omit-undefined.ts';
import type { ConnectOptions, RunAnswer } from '../rocketchat/connect.ts';

/** How a run of a job connects. @param signal of the run, which ends by more than what its caller aborts */
export function connectionOf(
  { server, concurrency, maxWaitMs }: Job,
  { clock, random, proxyFor, requestTimeoutMs, onWait, workers }: Environment & RunOptions,
  signal: AbortSignal,
  onAnswer: ((answer: RunAnswer) => void) | undefined,
): ConnectOptions {
  const newBudget = workers?.newBudget;
  return {
    ...server,
    concurrency,
    clock,
    random,
    signal,
    ...omitUndefined({ onWait, proxyFor, maxWaitMs, requestTimeoutMs, newBudget, onAnswer }),
  };
}
