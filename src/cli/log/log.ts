import type { ExportError } from '../../errors.ts';

/** Values that go with a message: to JSON as they are, to people only if the message says them. */
export type Fields = Readonly<Record<string, string | number | boolean | null>>;

/** How the program speaks while it works. Everything goes to stderr: stdout is for results. */
export interface Log {
  /** Whether somebody watches: then `status` is shown, and lines about single rooms would only be in the way. */
  readonly isLive: boolean;
  /** For `--verbose`. */
  detail(message: string, fields?: Fields): void;
  /** Not with `--quiet`. */
  info(message: string, fields?: Fields): void;
  warn(message: string, fields?: Fields & { readonly hint?: string }): void;
  /** `stack` is shown with `--verbose` only. */
  error(error: Pick<ExportError, 'message' | 'hint'>, fields: Fields, stack: string): void;
  /** What is going on at this moment, made anew as often as it is shown; null: nothing worth reporting. */
  status(render: ((columns: number) => string) | null): void;
}

export type Level = 'warn' | 'info' | 'detail';
