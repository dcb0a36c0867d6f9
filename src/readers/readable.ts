import { ExportError, OutputError } from '../errors.ts';

const hint = 'Run `verify` on the archive: it names every file that is not what it was when it was written';

/** What a parser or a decompressor threw about a file, as an error that names the file. */
function unreadable(path: string, cause: unknown): unknown {
  if (cause instanceof ExportError) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new OutputError(`Cannot read "${path}": ${reason}`, { cause, hint });
}

/** @throws OutputError for whatever goes wrong with the file */
export async function readable<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** The same for what is read piece by piece. */
export async function* readablePieces<T>(path: string, pieces: AsyncIterable<T>): AsyncGenerator<T> {
  try {
    yield* pieces;
  } catch (error) {
    throw unreadable(path, error);
  }
}
