/** The error that `work` ends with; those of the program may have a hint. */
export async function failure(work: Promise<unknown>): Promise<Error & { readonly hint?: string }> {
  const outcome: unknown = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (outcome instanceof Error) return outcome;
  throw new Error(`Expected an error, not ${String(outcome)}`);
}
