/** That a folder of `_view` could not be written. */
export function viewFailure(archive: string, view: string, error: unknown): string {
  const reason = error instanceof Error ? error.message : String(error);
  return `${archive}: published, but "_view/${view}" could not be brought up to date: ${reason}`;
}
