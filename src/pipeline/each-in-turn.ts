/**
 * Does what follows publishing, each also where one before it failed: an archive whose report cannot be written is pushed all
 * the same.
 *
 * @throws the first failure
 */
export async function eachInTurn(steps: readonly (() => Promise<unknown>)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const step of steps) await step().catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw failures[0];
}
