import { availableParallelism } from 'node:os';
import { proxyFor } from './rocketchat/http/proxy-for.ts';
import { thisOperator } from './system/operator.ts';
import { systemSurroundings } from './system/system-surroundings.ts';
import type { Environment } from './environment.ts';

/** The environment of a run where its caller does not replace it. */
export function systemEnvironment(): Environment {
  // One processor is left to the requests.
  return {
    ...systemSurroundings(),
    operator: thisOperator(),
    proxyFor,
    loadThreads: Math.max(1, availableParallelism() - 1),
  };
}
