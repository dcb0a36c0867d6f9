import { InterruptedError } from '../../errors.ts';

/** What a signal leaves of some work. */
export interface Interruption {
  /** A clause. */
  readonly outcome: string;
  readonly hint?: string;
}

/** The work, and of a signal that ends it what has become of it, unless the work itself knows better. */
export async function interruptedAs<Result>(
  { outcome, hint }: Interruption,
  work: () => Promise<Result>,
): Promise<Result> {
  return work().catch((error: unknown) => {
    if (!(error instanceof InterruptedError) || error.outcome !== undefined) throw error;
    throw new InterruptedError(error.signal, outcome, hint);
  });
}
