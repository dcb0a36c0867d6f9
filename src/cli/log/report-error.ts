import { asRefusal } from '../../system/disk-errors.ts';
import { ExportError, exitCodes, type ExitCode } from '../../errors.ts';
import { tool } from '../../version.ts';
import type { Log } from './log.ts';

/** What failed, for people and programs. `kind` is that of an ExportError, or `bug`. */
export interface Failure {
  readonly kind: string;
  readonly exitCode: ExitCode;
  readonly message: string;
  readonly hint: string | undefined;
}

/** @param failure whatever was thrown: an error that nobody foresaw is a bug of the program, exit code 70 */
export function failureOf(failure: unknown): Failure {
  // Wherever it shows, an import of our own modules included: it is no bug.
  const error = failure instanceof ExportError ? failure : (asRefusal(failure) ?? failure);
  if (error instanceof ExportError) {
    const { kind, exitCode, message, hint } = error;
    return { kind, exitCode, message, hint };
  }
  const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return {
    kind: 'bug',
    exitCode: exitCodes.bug,
    message: `This is a bug in ${tool.name} ${tool.version}, not a mistake of yours: ${what}`,
    hint: 'What was published is whole, and what was read is saved. Run it again with --verbose and report what it prints',
  };
}

/** Says what failed and what to do about it. @returns the exit code of the failure */
export function reportError(failure: unknown, log: Log): number {
  log.status(null);
  const { kind, exitCode, message, hint } = failureOf(failure);
  log.error({ message, hint }, { kind, exitCode }, stackOf(failure));
  return exitCode;
}

/** Where an error arose, and every error that caused it. */
function stackOf(error: unknown): string {
  const stacks: string[] = [];
  for (let cause = error; cause instanceof Error && stacks.length < 10; cause = cause.cause) {
    stacks.push(cause.stack ?? cause.message);
  }
  return stacks.join('\ncaused by: ');
}
