import type { Partition, TransformOptions } from '../job/job.ts';
import type { SinkEntry } from '../model/sink-options.ts';
import type { RunPlan } from '../plan/run-plan.ts';

/** All that the load half needs to know: plain data, so that it can be handed to a worker thread. */
export interface LoadPlan {
  readonly archive: string;
  readonly runPlan: RunPlan;
  readonly transform: TransformOptions;
  readonly sinks: readonly SinkEntry[];
  readonly partition: Partition;
  readonly rowsPerFile: number;
  /** See OpenParts; of each format. */
  readonly openParts: number;
  /** For formats with a place for it. */
  readonly metadata: Readonly<Record<string, string>>;
}
