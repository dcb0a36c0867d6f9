import { resolve } from 'node:path';
import { UsageError } from '../../errors.ts';

/** Where rows are loaded to. */
export type DatabaseTarget =
  { readonly kind: 'postgres'; readonly url: string } | { readonly kind: 'sqlite' | 'duckdb'; readonly path: string };

const hint = 'Expected postgres://user@host/database, sqlite:FILE or duckdb:FILE';

/**
 * @param text as it was given: `postgres://archive@db.example.com/chat`, `sqlite:chat.db`, `duckdb:chat.duckdb`
 * @throws UsageError for anything else; a text that may hold a password is not repeated
 */
export function databaseTarget(text: string): DatabaseTarget {
  const [, scheme = '', path = ''] = /^([a-z0-9]+):(.*)$/s.exec(text) ?? [];
  switch (scheme) {
    case 'postgres':
    case 'postgresql':
      return { kind: 'postgres', url: expectAddress(text) };
    case 'sqlite':
    case 'duckdb':
      if (path === '' || path.includes('\0'))
        throw new UsageError(`Cannot load to "${scheme}:": it names no file`, { hint });
      // To both engines these are databases in memory, which would be gone at the end.
      if (path.startsWith(':memory:')) {
        throw new UsageError(`Cannot load to "${scheme}:${path}": that names a database in memory, not a file`, {
          hint,
        });
      }
      return { kind: scheme, path };
    default:
      if (scheme !== '') throw new UsageError(`Cannot load to a database of kind "${scheme}"`, { hint });
      throw new UsageError(`Cannot load to ${shown(text)}: it does not begin with the kind of a database`, {
        hint: `${hint}, such as sqlite:chat.db`,
      });
  }
}

/** Whatever has a colon or an @ may have a password between them, or behind a = (`host=… password=…`, as libpq takes it). */
function shown(text: string): string {
  return /[:@=]/.test(text) ? 'this' : `"${text}"`;
}

/** The same with the path of a file made absolute. @param cwd empty: the folder that the program runs in */
export function resolvedTarget(target: DatabaseTarget, cwd: string): DatabaseTarget {
  return target.kind === 'postgres' ? target : { ...target, path: resolve(cwd, target.path) };
}

/** Whether an address of PostgreSQL holds a password, in either of the places that it may stand in. */
function holdsPassword(url: string): boolean {
  const parsed = new URL(url);
  return parsed.password !== '' || parsed.searchParams.has('password');
}

/** A password on a command line stands in the list of processes, and in the history of the shell. @throws UsageError */
export function refusePassword(target: DatabaseTarget): DatabaseTarget {
  if (target.kind === 'postgres' && holdsPassword(target.url)) {
    throw new UsageError('Cannot use a password in --to: everybody on this machine can see it there', {
      hint: 'Take it out of the address, and set PGPASSWORD, or write it to ~/.pgpass or the file that PGPASSFILE names',
    });
  }
  return target;
}

function expectAddress(url: string): string {
  if (URL.canParse(url) && url.includes('://')) return url;
  throw new UsageError('Cannot load to PostgreSQL: the address is not valid', {
    hint: 'Expected postgres://user@host:port/database or postgres:///database?host=/run/postgresql&user=name; special characters are percent-encoded',
  });
}
