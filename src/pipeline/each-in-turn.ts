import { ExportError, InterruptedError, StoppedError } from '../errors.ts';

/** What follows publishing. */
export interface LaterStep {
  /** What a run is whose step fails, after `The run is published, and`: `its report could not be made`. */
  readonly failure: string;
  readonly work: () => Promise<unknown>;
}

/**
 * Does what follows publishing, each also where one before it failed: an archive whose report cannot be written is pushed all
 * the same.
 *
 * @throws for the first failure StoppedError or, when a signal ended the work, InterruptedError: both say that the run is
 *   published. What is no ExportError as it is
 */
export async function eachInTurn(steps: readonly LaterStep[]): Promise<void> {
  const failures: unknown[] = [];
  for (const { failure, work } of steps) {
    await work().catch((error: unknown) => failures.push(behindPublishing(failure, error)));
  }
  if (failures.length > 0) throw failures[0];
}

function behindPublishing(failure: string, error: unknown): unknown {
  if (error instanceof InterruptedError) {
    return new InterruptedError(error.signal, `the run is published, and ${failure}`, hint);
  }
  if (!(error instanceof ExportError)) return error;
  return new StoppedError(`The run is published, and ${failure}: ${error.message}`, {
    cause: error,
    hint: error.hint ?? hint,
  });
}

const hint = 'Run the job again: it does what is missing';
