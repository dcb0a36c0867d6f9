/**
 * Every failure a user can meet, sorted by what the reader does next.
 *
 * Words: the action that failed, the thing, its value, what was expected; the hint says what to do. Capital first, no
 * full stop. Values that may hold a secret (tokens, passwords, URLs with credentials) never enter a message.
 */

/** Process exit codes, part of the contract with schedulers (sysexits.h where it has a fitting one). */
export const exitCodes = {
  complete: 0,
  gaps: 1,
  difference: 2,
  usage: 64,
  unreachable: 69,
  bug: 70,
  output: 73,
  stopped: 75,
  access: 77,
  job: 78,
  sigint: 130,
  sigterm: 143,
} as const;

/** One of those codes. */
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** `cause` keeps the original error for logs; it is never printed without being asked for. */
export interface ErrorDetails {
  readonly hint?: string;
  readonly cause?: unknown;
}

/** What every error of this program is, with a hint and an exit code: anything else that is thrown is a bug of it. */
export abstract class ExportError extends Error {
  abstract readonly kind: string;
  abstract readonly exitCode: ExitCode;
  /** What the reader can do, one sentence. */
  readonly hint: string | undefined;

  constructor(message: string, { hint, cause }: ErrorDetails = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = new.target.name;
    this.hint = hint;
  }
}

/** Fix the command line, or the arguments of the call. */
export class UsageError extends ExportError {
  readonly kind = 'usage';
  readonly exitCode = exitCodes.usage;
}

/** Fix the job file. */
export class JobError extends ExportError {
  readonly kind = 'job';
  readonly exitCode = exitCodes.job;
}

/** Fix the login or ask for a permission. */
export class AccessError extends ExportError {
  readonly kind = 'access';
  readonly exitCode = exitCodes.access;
}

/** Type the code of the second factor, or log in with a personal access token. */
export class SecondFactorError extends AccessError {
  /** false: from 9.0 on a server says the same of a wrong password. */
  readonly isCertain: boolean;

  constructor(isCertain: boolean, message: string, details: ErrorDetails = {}) {
    super(message, details);
    this.isCertain = isCertain;
  }
}

/** Check the address, the network, the server; nothing could be read at all. */
export class UnreachableError extends ExportError {
  readonly kind = 'unreachable';
  readonly exitCode = exitCodes.unreachable;
}

/** One room cannot be read, for good: it becomes a gap that the manifest names, and the other rooms are read. */
export class RoomError extends ExportError {
  readonly kind = 'room';
  readonly exitCode = exitCodes.gaps;
  /** Stable word for the manifest: `room-not-found`, `room-archived`, `not-allowed`, `wire`… */
  readonly reason: string;

  constructor(reason: string, message: string, details: ErrorDetails = {}) {
    super(message, details);
    this.reason = reason;
  }
}

/** Make room for the output, or make it writable. */
export class OutputError extends ExportError {
  readonly kind = 'output';
  readonly exitCode = exitCodes.output;
}

/** Nothing is wrong that time will not mend: what was read is saved, run the same command again. */
export class StoppedError extends ExportError {
  readonly kind = 'stopped';
  readonly exitCode = exitCodes.stopped;
}

/** A signal ended the work. */
export class InterruptedError extends ExportError {
  readonly kind = 'interrupted';
  readonly exitCode: 130 | 143;
  readonly signal: 'SIGINT' | 'SIGTERM';
  /** What has become of the work, a clause; undefined: who says so is further up. */
  readonly outcome: string | undefined;

  constructor(signal: 'SIGINT' | 'SIGTERM', outcome?: string, hint = 'Run the same command again') {
    super(`Interrupted by ${signal}${outcome === undefined ? '' : `: ${outcome}`}`, { hint });
    this.signal = signal;
    this.outcome = outcome;
    this.exitCode = signal === 'SIGINT' ? exitCodes.sigint : exitCodes.sigterm;
  }
}

/** A file is not what its manifest says: restore it, or find out who changed it. */
export class DifferenceError extends ExportError {
  readonly kind = 'difference';
  readonly exitCode = exitCodes.difference;
}

/** `ENOENT`, `EACCES`…: the code of an error of Node or the system; undefined for any other value. */
export function errorCode(error: unknown): string | undefined {
  // Not instanceof Error: Node's own errors may come from another realm (a vm context, as in tests).
  const isCoded = typeof error === 'object' && error !== null && 'code' in error;
  return isCoded && typeof error.code === 'string' ? error.code : undefined;
}

/** The error that an aborted signal stands for: its reason when that is one of ours. */
export function abortError(signal: AbortSignal): ExportError {
  const reason: unknown = signal.reason;
  if (reason instanceof ExportError) return reason;
  return new StoppedError('Reading was stopped: what was read is saved', {
    hint: 'Run the same command again to resume',
  });
}
