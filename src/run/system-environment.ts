import { availableParallelism } from 'node:os';
import { proxyFor } from '../rocketchat/proxy-for.ts';
import { systemSurroundings } from '../system-surroundings.ts';
import type { Environment } from './environment.ts';

/** What a run takes from the world where its caller does not replace it. */
export function systemEnvironment(): Environment {
  // One processor is left to the requests.
  return { ...systemSurroundings(), proxyFor, loadThreads: Math.max(1, availableParallelism() - 1) };
}
