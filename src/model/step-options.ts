import type { Period } from './time/period.ts';
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

/** The steps `since` and `until`: only messages of a period. */
export interface PeriodOptions extends Period {
  readonly kind: 'period';
}
