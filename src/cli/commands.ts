import type { Command } from './command.ts';
import { airbyte } from './commands/reading/airbyte.ts';
import { check } from './commands/check.ts';
import { compact } from './commands/compact.ts';
import { demo } from './commands/demo.ts';
import { emit } from './commands/reading/emit.ts';
import { exportCommand } from './commands/export.ts';
import { completionOf } from './commands/setup/completion.ts';
import { init } from './commands/setup/init.ts';
import { keygen } from './commands/keygen.ts';
import { history } from './commands/reading/history.ts';
import { latest } from './commands/latest.ts';
import { load } from './commands/load.ts';
import { plan } from './commands/plan.ts';
import { pull } from './commands/storage/pull.ts';
import { purge } from './commands/retention/purge.ts';
import { push } from './commands/storage/push.ts';
import { rebuild } from './commands/retention/rebuild.ts';
import { rekey } from './commands/rekey.ts';
import { rooms } from './commands/rooms.ts';
import { run } from './commands/run.ts';
import { schedule } from './commands/schedule.ts';
import { schema } from './commands/schema.ts';
import { report } from './commands/reading/report.ts';
import { search } from './commands/reading/search.ts';
import { state } from './commands/state.ts';
import { transcript } from './commands/reading/transcript.ts';
import { worker } from './commands/queue/worker.ts';
import { verify } from './commands/verify.ts';

/** Every command, in the order of the help. */
export const commands: readonly Command[] = [
  demo,
  run,
  exportCommand,
  init,
  rooms,
  check,
  plan,
  schema,
  latest,
  transcript,
  report,
  search,
  history,
  verify,
  load,
  emit,
  airbyte,
  push,
  pull,
  compact,
  purge,
  rebuild,
  state,
  keygen,
  rekey,
  schedule,
  worker,
  completionOf(() => commands),
];
