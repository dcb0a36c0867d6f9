import { secretFingerprint } from '../secret-fingerprint.ts';
import type { SinkEntry } from '../model/sink-options.ts';
import type { StepOptions } from '../model/step-options.ts';
import type { Job } from './job.ts';

/**
 * The part of a resolved job that its tables follow from, as plain JSON and without secrets: of a key it has the
 * fingerprint, of a plug-in the options as they are written. The address is left out, which may hold a password.
 */
export function jobWithoutSecrets(job: Job): Readonly<Record<string, unknown>> {
  const { name, extract, transform, sinks, partition = 'none', rowsPerFile, lookbackMs, attachments } = job;
  return {
    name,
    extract,
    partition,
    transform: { ...transform, ...(transform.steps && { steps: transform.steps.map(stepWithoutSecrets) }) },
    sinks: sinks.map(sinkAsWritten),
    ...(rowsPerFile !== undefined && { rowsPerFile }),
    ...(lookbackMs !== undefined && { lookbackMs }),
    ...(attachments !== undefined && { attachments }),
  };
}

export function sinkAsWritten(sink: SinkEntry): unknown {
  if (sink.format !== 'plug-in') return sink;
  const { use, writtenOptions } = sink.plugin;
  return { use, options: writtenOptions };
}

export function stepWithoutSecrets(step: StepOptions): unknown {
  switch (step.kind) {
    case 'dropSystemMessages':
    case 'period':
      return step;
    case 'dropColumns':
      return { ...step, columns: step.columns.toSorted() };
    case 'pseudonymize':
      return { kind: step.kind, key: secretFingerprint(step.key) };
    case 'use':
      return { kind: step.kind, use: step.plugin.use, options: step.plugin.writtenOptions };
  }
}
