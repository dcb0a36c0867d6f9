/** What is used of a module that the Node of the type declarations does not have yet. Source: nodejs.org/api/sqlite.html. */
declare module 'node:sqlite' {
  type SqlValue = string | number | bigint | Uint8Array | null;

  class DatabaseSync {
    constructor(path: string, options?: { readonly timeout?: number });
    exec(sql: string): void;
    prepare(sql: string): {
      all(): readonly Readonly<Record<string, SqlValue>>[];
      run(...values: readonly SqlValue[]): unknown;
    };
    close(): void;
  }
}
