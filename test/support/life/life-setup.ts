import { createPrng, type Prng } from '../../../src/demo/sample/prng.ts';
import type { MessageDocument } from '../../../src/demo/workspace/message-document.ts';
import type { Partition } from '../../../src/job/job.ts';
import type { ReadableFormat } from '../../../src/readers/data-file.ts';
import type { StepOptions } from '../../../src/model/step-options.ts';

/** What the job of a life asks for beside its rooms and tables. */
export interface LifeSetup {
  /** The first is compared with the truth, the others with the first. */
  readonly formats: readonly [ReadableFormat, ...ReadableFormat[]];
  readonly partition: Partition;
  readonly steps: readonly StepOptions[];
}

const formats: readonly LifeSetup['formats'][] = [
  ['jsonl'],
  ['csv'],
  ['parquet'],
  ['parquet', 'csv'],
  ['csv', 'jsonl'],
];

export function setupOf(seed: number): LifeSetup {
  // Its own sequence: what happens in a life does not depend on how it is written down.
  const prng = createPrng(seed + 1_000_000);
  return {
    formats: prng.pick(formats),
    partition: prng.pick(['none', 'room', 'month'] as const),
    steps: prng.chance(0.5) ? [] : someSteps(prng),
  };
}

function someSteps(prng: Prng): readonly StepOptions[] {
  return [
    ...(prng.chance(0.6) ? [{ kind: 'dropSystemMessages' as const }] : []),
    ...(prng.chance(0.4) ? [{ kind: 'period' as const, sinceMs: Date.UTC(2025, 0, 1, 0, 30), untilMs: null }] : []),
    ...(prng.chance(0.4) ? [{ kind: 'dropColumns' as const, columns: ['extra', 'urls'] }] : []),
  ];
}

/** Whether the steps leave a message in the tables, as docs/job-file.md says. */
export function isKept({ steps }: LifeSetup, document: MessageDocument): boolean {
  return steps.every((step) => {
    switch (step.kind) {
      case 'dropSystemMessages':
        return document['t'] === undefined;
      case 'period':
        return Date.parse(document.ts) >= (step.sinceMs ?? Number.NEGATIVE_INFINITY);
      case 'dropColumns':
      case 'pseudonymize':
      case 'use':
        return true;
    }
  });
}
