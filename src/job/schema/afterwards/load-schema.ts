import { z } from 'zod';
import { databaseTarget } from '../../../model/run/database-target.ts';
import { UsageError } from '../../../errors.ts';

/** `load` of a job. */
export const loadSchema = z
  .string()
  .check((context) => {
    const message = targetProblem(context.value);
    if (message !== undefined) context.issues.push({ code: 'custom', input: context.value, message });
  })
  .meta({
    title: 'Keep a database',
    description:
      'After each run, brings this database to what the archive holds, as the command `load` does: postgres://user@host/database, sqlite:FILE or duckdb:FILE. A password comes from a variable or a file, or from PGPASSWORD or ~/.pgpass. If it fails, the run is published all the same, and ends with exit code 75.',
    examples: ['postgres://archive:${PGPASSWORD}@db.example.com/chat', 'sqlite:chat.db'],
  });

/** Without the value, which may hold a password. */
function targetProblem(text: string): string | undefined {
  try {
    databaseTarget(text);
    return undefined;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return 'expected postgres://user@host/database, sqlite:FILE or duckdb:FILE';
  }
}
