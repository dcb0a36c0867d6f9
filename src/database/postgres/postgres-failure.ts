import {
  AccessError,
  errorCode,
  ExportError,
  OutputError,
  StoppedError,
  UnreachableError,
  UsageError,
} from '../../errors.ts';
import { IndexLimitError } from '../engine.ts';

const accessHint =
  'Set PGUSER and PGPASSWORD, or write the password to ~/.pgpass or the file that PGPASSFILE names; the user needs CREATE in the schema';

/**
 * What of an error of PostgreSQL or of the way to it the reader can do something about.
 *
 * @param address without a password
 * @param isConnected whether the server had responded before
 */
export function postgresFailure(error: unknown, address: string, isConnected: boolean): unknown {
  if (error instanceof ExportError || !(error instanceof Error)) return error;
  const code = errorCode(error) ?? '';
  const why = code === '' || error.message !== '' ? error.message : code;
  const reached = `Cannot load to "${address}": ${why}`;
  // Source: PostgreSQL documentation, appendix A, "Error Codes"; the first two characters are the class.
  switch (code.slice(0, 2)) {
    case '28':
      return new AccessError(reached, { cause: error, hint: accessHint });
    case '3D':
      return new UsageError(reached, { cause: error, hint: 'Create the database first: createdb' });
    case '3F':
      return new UsageError(reached, {
        cause: error,
        hint: 'Create the schema first: CREATE SCHEMA. It is the first of the search_path that there is',
      });
    case '2B':
      return new UsageError(reached, {
        cause: error,
        hint: 'A view of yours needs it as it is: drop that, load, and make it again',
      });
    case '54':
      if (error.message.startsWith('index row')) {
        return new IndexLimitError(reached, {
          cause: error,
          hint: 'The database is as it was before this transaction',
        });
      }
      break;
    case '53':
      return code === '53100'
        ? new OutputError(reached, { cause: error, hint: 'Make room for the database' })
        : new StoppedError(reached, { cause: error, hint: 'Run the same command again' });
    case '57':
    case '40':
    case '55':
    case '08':
      // 57P03: it starts up, or ends.
      return isConnected
        ? new StoppedError(reached, { cause: error, hint: 'Nothing of it was kept: run the same command again' })
        : new UnreachableError(reached, { cause: error, hint: 'Wait until the server accepts connections' });
  }
  if (code === '42501') return new AccessError(reached, { cause: error, hint: accessHint });
  // Classes begin with a digit, F, H, P or X; codes of Node (EPIPE) with an E.
  if (/^[0-9A-DF-Z][0-9A-Z]{4}$/.test(code)) {
    return new OutputError(reached, { cause: error, hint: 'The database is as it was before this transaction' });
  }
  if (/password|SASL/.test(error.message)) return new AccessError(reached, { cause: error, hint: accessHint });
  if (isConnected) {
    return new StoppedError(`Lost the connection to "${address}": ${why}`, {
      cause: error,
      hint: 'Nothing of this transaction was kept: run the same command again',
    });
  }
  return new UnreachableError(`Cannot reach "${address}": ${why}`, {
    cause: error,
    hint: 'Check the address, and that the server accepts connections from here',
  });
}
