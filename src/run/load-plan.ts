import type { TransformOptions } from '../job/job.ts';
import type { SinkOptions } from '../sinks/sink-options.ts';
import type { OpenRun } from './open-run.ts';

/** All that the load half needs to know: plain data, so that it can be handed to a worker thread. */
export interface LoadPlan {
  readonly archive: string;
  readonly openRun: OpenRun;
  readonly transform: TransformOptions;
  readonly sinks: readonly SinkOptions[];
  /** For formats with a place for it. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** What the load half made of the journals. */
export interface LoadResult {
  readonly files: readonly LoadedFile[];
  /** Rows by table. */
  readonly tables: Readonly<Record<string, number>>;
  /** Messages that passed the filters, by stream. */
  readonly exported: readonly number[];
  /** Values of a wrong type by field. */
  readonly badFields: Readonly<Record<string, number>>;
}

/** A file in `_work/parts`, whole. */
export interface LoadedFile {
  /** Its final path, relative to the archive. */
  readonly path: string;
  readonly table: string;
  readonly format: string;
  readonly rows: number;
  readonly sizeBytes: number;
  readonly sha256: string;
}
