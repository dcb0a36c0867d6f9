import { InterruptedError } from '../../errors.ts';

/**
 * The work, and of a signal that ends it what has become of it: the usual words are those of a run.
 *
 * @param outcome a clause
 */
export async function interruptedAs<Result>(
  outcome: string,
  hint: string,
  work: () => Promise<Result>,
): Promise<Result> {
  return work().catch((error: unknown) => {
    throw error instanceof InterruptedError ? new InterruptedError(error.signal, outcome, hint) : error;
  });
}
