/** A module of the user's own that a job names: plain data, so that it can be handed to a worker thread. */
export interface PluginReference {
  /** As the job writes it: a path that begins with `.` or `/`, or the name of a package. */
  readonly use: string;
  /** Absolute: where the path starts and packages are looked for. */
  readonly cwd: string;
  readonly options: Readonly<Record<string, unknown>>;
  /** The options as the job file writes them, variables not put in: what may be shown, hashed and kept. */
  readonly writtenOptions: Readonly<Record<string, unknown>>;
}
