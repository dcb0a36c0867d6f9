import type { PluginReference } from './plugin-reference.ts';

/** One entry of a job's `transform.steps`, checked. */
export type StepOptions =
  | { readonly kind: 'dropSystemMessages' }
  | PeriodOptions
  | { readonly kind: 'dropColumns'; readonly columns: readonly string[] }
  | {
      readonly kind: 'pseudonymize';
      /** A secret. */
      readonly key: string;
    }
  | { readonly kind: 'use'; readonly plugin: PluginReference };

/** Messages with since ≤ `ts` < until; null: no limit. Epoch milliseconds. */
export interface PeriodOptions {
  readonly kind: 'period';
  readonly sinceMs: number | null;
  readonly untilMs: number | null;
}
