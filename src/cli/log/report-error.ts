import { asRefusal } from '../../system/disk-errors.ts';
import { ExportError, exitCodes } from '../../errors.ts';
import { tool } from '../../version.ts';
import type { Log } from './log.ts';

/** Says what failed and what to do about it. @returns the exit code of the failure; 70 for one that nobody foresaw */
export function reportError(failure: unknown, log: Log): number {
  log.status(null);
  const stack = stackOf(failure);
  // Wherever it shows, an import of our own modules included: it is no bug.
  const error = failure instanceof ExportError ? failure : (asRefusal(failure) ?? failure);
  if (error instanceof ExportError) {
    const { message, hint, kind, exitCode } = error;
    log.error({ message, hint }, { kind, exitCode }, stack);
    return exitCode;
  }
  const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  log.error(
    {
      message: `This is a bug in ${tool.name} ${tool.version}, not a mistake of yours: ${what}`,
      hint: 'What was published is whole, and what was read is saved. Run it again with --verbose and report what it prints',
    },
    { kind: 'bug', exitCode: exitCodes.bug },
    stack,
  );
  return exitCodes.bug;
}

/** Where an error arose, and every error that caused it. */
function stackOf(error: unknown): string {
  const stacks: string[] = [];
  for (let cause = error; cause instanceof Error && stacks.length < 10; cause = cause.cause) {
    stacks.push(cause.stack ?? cause.message);
  }
  return stacks.join('\ncaused by: ');
}
