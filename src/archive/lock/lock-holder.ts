import { z } from 'zod';
import { toJsonText } from '../to-json-text.ts';

/** A record of a program before there were these two has neither. */
const schema = z.object({
  pid: z.int().min(1),
  host: z.string(),
  startedAt: z.string(),
  processStartId: z.string().nullable(),
  pidNamespace: z.string().nullable().default(null),
  bootId: z.string().nullable().default(null),
});

/** Who holds an archive. No two processes may ever write the same record: the start makes it unique. */
export interface LockHolder {
  readonly pid: number;
  readonly host: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  /** Distinguishes a process from a later one with the same pid, where the system can; else null. */
  readonly processStartId: string | null;
  /** What the pid counts in: every container has a process 1. null: not known. */
  readonly pidNamespace: string | null;
  /** Of the running system, for machines with the same host name. null: not known, or the system has none. */
  readonly bootId: string | null;
}

/** A holder, except for when it took the lock. */
export type ProcessIdentity = Omit<LockHolder, 'startedAt'>;

/** The record as it stands in the file. */
export function holderText({ pid, host, startedAt, processStartId, pidNamespace, bootId }: LockHolder): string {
  return toJsonText({ pid, host, startedAt, processStartId, pidNamespace, bootId });
}

/** undefined: damaged, or only being written. */
export function parseHolder(bytes: Uint8Array): LockHolder | undefined {
  try {
    return schema.safeParse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))).data;
  } catch {
    return undefined;
  }
}

/** Whether a pid of one means the same process to the other. */
export function sharePids(one: ProcessIdentity, other: ProcessIdentity): boolean {
  const { host, bootId, pidNamespace } = one;
  return host === other.host && bootId === other.bootId && pidNamespace !== null && pidNamespace === other.pidNamespace;
}
