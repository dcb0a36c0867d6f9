import type { PeriodOptions } from '../../model/step-options.ts';
import type { Step } from './step.ts';

/** Keeps the messages sent in a half-open period: two archives that share an edge share no message. */
export function periodStep({ sinceMs, untilMs }: PeriodOptions): Step {
  return {
    name: 'period',
    settings: {
      ...(sinceMs !== null && { since: new Date(sinceMs).toISOString() }),
      ...(untilMs !== null && { until: new Date(untilMs).toISOString() }),
    },
    message: (message) => {
      const tsMs = message.ts.getTime();
      return (sinceMs === null || tsMs >= sinceMs) && (untilMs === null || tsMs < untilMs) ? message : null;
    },
  };
}
