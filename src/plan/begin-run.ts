import { join } from 'node:path';
import { archivePaths } from '../archive/paths.ts';
import type { State } from '../archive/state/state.ts';
import type { Disk } from '../system/disk.ts';
import type { Job } from '../job/job.ts';
import type { RocketChat } from '../model/rocketchat.ts';
import { chooseRun, type ChooseOptions, type ChosenRun } from './choose-run.ts';
import { writeRunPlan } from './stored/run-plan-file.ts';

/** A run that has begun, or goes on. */
export interface BegunRun extends ChosenRun {
  /** Whether another one was cut before, and is given up: it read for a job of another address, login or choice of rooms. */
  readonly givesUpAnother: boolean;
}

/** Chooses the run to carry on with and, when it is a new one, writes down what it sets out to do. @throws as chooseRun */
export async function beginRun(
  disk: Disk,
  job: Job,
  state: State,
  chat: RocketChat,
  startedAt: string,
  options: ChooseOptions,
): Promise<BegunRun> {
  const chosen = await chooseRun(disk, job, state, chat, startedAt, options);
  if (chosen.resumed) return { ...chosen, givesUpAnother: false };
  const cut = await disk.sizeBytes(join(job.output, archivePaths.runPlan));
  await writeRunPlan(disk, job.output, chosen.runPlan);
  return { ...chosen, givesUpAnother: cut !== undefined };
}
