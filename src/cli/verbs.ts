import type { Verb } from './verb.ts';
import { check } from './verbs/check.ts';
import { compact } from './verbs/compact.ts';
import { demo } from './verbs/demo.ts';
import { exportVerb } from './verbs/export.ts';
import { latest } from './verbs/latest.ts';
import { plan } from './verbs/plan.ts';
import { rooms } from './verbs/rooms.ts';
import { run } from './verbs/run.ts';
import { schedule } from './verbs/schedule.ts';
import { schema } from './verbs/schema.ts';
import { state } from './verbs/state.ts';
import { verify } from './verbs/verify.ts';

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
