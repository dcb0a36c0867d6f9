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
 * @throws StoppedError that names all failures or, where the first is that a signal ended the work, InterruptedError: both say
 *   that the run is published. What is no ExportError as it is, if it is the first
 */
export async function eachInTurn(steps: readonly LaterStep[]): Promise<void> {
  const failures: Failure[] = [];
  for (const { failure, work } of steps) {
    await work().catch((error: unknown) => failures.push({ failure, error }));
  }
  const [first] = failures;
  if (first === undefined) return;
  const { failure, error } = first;
  if (error instanceof InterruptedError) {
    throw new InterruptedError(error.signal, `the run is published, and ${failure}`, hint);
  }
  if (!(error instanceof ExportError)) throw error;
  // Behind a signal all others fail as well, for no reason of their own.
  const named = failures.filter((one) => !(one.error instanceof InterruptedError)).map(textOf);
  throw new StoppedError(`The run is published, and ${named.join('; and ')}`, {
    cause: error,
    hint: error.hint ?? hint,
  });
}

interface Failure {
  readonly failure: string;
  readonly error: unknown;
}

function textOf({ failure, error }: Failure): string {
  return `${failure}: ${error instanceof Error ? error.message : String(error)}`;
}

const hint = 'Run the job again: it does what is missing';
