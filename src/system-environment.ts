import { proxyFor } from './rocketchat/http/proxy-for.ts';
import { loadThreadsHere } from './system/load-threads.ts';
import { thisOperator } from './system/operator.ts';
import { systemSurroundings } from './system/system-surroundings.ts';
import { environmentVariables } from './system/this-process.ts';
import type { Environment } from './environment.ts';

/** The environment of a run where its caller does not replace it. */
export function systemEnvironment(): Environment {
  return {
    ...systemSurroundings(),
    operator: thisOperator(),
    proxyFor,
    loadThreads: loadThreadsHere(),
    variables: environmentVariables(),
  };
}
