import { OutputError } from '../../errors.ts';

/** What DuckDB says of a database that it has open, in `Kind Error: …`; its appender says it without. */
const said = /^(?:[A-Z][A-Za-z ]*(?:Error|Exception): |Failed to )/;

/** What of an error of DuckDB the reader can do something about. Others are of this program. */
export function duckDbFailure(error: unknown, path: string): unknown {
  if (!(error instanceof Error)) return error;
  const [why = ''] = error.message.split('\n', 1);
  if (isFull(error.message)) return fullDisk(error, path);
  if (!said.test(error.message)) return error;
  return new OutputError(`Cannot load to "${path}": ${why}`, {
    cause: error,
    hint: 'The database is as it was before this transaction. If somebody has edited it, load into a new file',
  });
}

/** Whether a text of DuckDB says that nothing more can be written. */
export function isFull(text: string): boolean {
  return /No space left|Disk quota exceeded/.test(text);
}

export function fullDisk(cause: unknown, path: string): OutputError {
  return new OutputError(`Cannot load to "${path}": the disk is full`, {
    cause,
    hint: 'Make room and run the same command again: what was committed stays',
  });
}
