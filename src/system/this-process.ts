import { errorCode } from '../errors.ts';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { processStartId } from './process-start-id.ts';

/** A process as others may have to recognize it: see LockHolder. */
export interface RunningProcess {
  readonly pid: number;
  readonly host: string;
  readonly processStartId: string | null;
  readonly pidNamespace: string | null;
  readonly bootId: string | null;
}

export function thisProcess(): RunningProcess {
  const { pid } = process;
  return { pid, host: hostname(), processStartId: processStartId(pid), ...pidSpace(pid) };
}

/** The variables of the environment of this process. */
export function environmentVariables(): Readonly<Record<string, string | undefined>> {
  return process.env;
}

/** Versions of what Node knows of time zones, languages and letters. */
export function dataVersions(): string {
  const { tz = '', icu = '', unicode = '' } = process.versions;
  return JSON.stringify({ tz, icu, unicode });
}

/** Whether a process still runs whose pid means the same to this one. */
export function isAlive({ pid, processStartId: startId }: Pick<RunningProcess, 'pid' | 'processStartId'>): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it is there, and somebody else's.
    if (errorCode(error) !== 'EPERM') return false;
  }
  const found = processStartId(pid);
  return startId === null || found === null || found === startId;
}

/** Source: pid_namespaces(7), namespaces(7); no other system has namespaces of pids. */
function pidSpace(pid: number): Pick<RunningProcess, 'pidNamespace' | 'bootId'> {
  if (process.platform !== 'linux') return { pidNamespace: process.platform, bootId: null };
  const unknown = { pidNamespace: null, bootId: null };
  try {
    // A /proc of another namespace (`unshare --pid` alone keeps the old one) would give other processes under our pids.
    if (readlinkSync('/proc/self') !== String(pid)) return unknown;
    return {
      pidNamespace: readlinkSync('/proc/self/ns/pid'),
      bootId: readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim(),
    };
  } catch {
    return unknown;
  }
}
