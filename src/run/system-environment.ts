import { availableParallelism } from 'node:os';
import { systemClock } from '../clock.ts';
import { nodeDisk } from '../disk.ts';
import { proxyFor } from '../rocketchat/proxy-for.ts';
import { isAlive, thisProcess } from '../this-process.ts';
import type { Environment } from './environment.ts';

/** The world as it is: what a run takes from it when nobody says otherwise. */
export function systemEnvironment(): Environment {
  return {
    clock: systemClock,
    random: Math.random,
    disk: nodeDisk,
    process: thisProcess(),
    isAlive,
    proxyFor,
    // One processor is left to the requests.
    loadThreads: Math.max(1, availableParallelism() - 1),
  };
}
