import type { Verb } from './verb.ts';
import { check } from './commands/check.ts';
import { compact } from './commands/compact.ts';
import { demo } from './commands/demo.ts';
import { exportVerb } from './commands/export.ts';
import { latest } from './commands/latest.ts';
import { plan } from './commands/plan.ts';
import { rooms } from './commands/rooms.ts';
import { run } from './commands/run.ts';
import { schedule } from './commands/schedule.ts';
import { schema } from './commands/schema.ts';
import { state } from './commands/state.ts';
import { verify } from './commands/verify.ts';

/** Every verb, in the order of the help. */
export const verbs: readonly Verb[] = [
  demo,
  run,
  exportVerb,
  rooms,
  check,
  plan,
  schema,
  latest,
  verify,
  compact,
  state,
  schedule,
];
