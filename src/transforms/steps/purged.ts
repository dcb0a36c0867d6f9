import { purgedStepName, type PurgeCheck } from '../../model/run/purge-rule.ts';
import type { Step } from './step.ts';

/** Drops what was purged from the archive, so that nothing brings it back. Last: the rules name rooms and people as rows do. */
export function purgedStep(check: PurgeCheck): Step {
  return {
    name: purgedStepName,
    settings: {},
    message: (message) => (check.message({ ...message, tsMs: message.ts.getTime() }) ? null : message),
  };
}
