import { join } from 'node:path';
import { JsonShapeError, parseShape, parseVersioned } from '../../archive/json-shape.ts';
import { jsonBytes, jsonPieces } from '../../archive/json/json-pieces.ts';
import { archivePaths } from '../../archive/paths.ts';
import type { State } from '../../archive/state/state.ts';
import { replaceFile, type Disk } from '../../system/disk.ts';
import { OutputError } from '../../errors.ts';
import type { RunPlan } from '../run-plan.ts';
import { runPlanSchema, runPlanVersion } from './run-plan-schema.ts';

/** The parts of a job that decide whether it can resume a run. */
type ResumingJob = Pick<RunPlan, 'extractSha256' | 'tables'>;

/**
 * The run that was cut, if there is one that this job can resume.
 *
 * @throws OutputError when its file is damaged: what was read so far is not thrown away unasked
 */
export async function readRunPlan(
  disk: Disk,
  archive: string,
  state: State,
  { extractSha256, tables }: ResumingJob,
): Promise<RunPlan | undefined> {
  const path = join(archive, archivePaths.runPlan);
  const text = await disk.readFile(path);
  if (text === undefined) return undefined;
  const runPlan = parseRunPlan(path, text);
  const isOurs = runPlan?.run === state.run + 1 && runPlan.extractSha256 === extractSha256;
  return isOurs && readsEnoughFor(tables, runPlan, state) ? runPlan : undefined;
}

/**
 * Whether the run reads all that these tables lack. It was planned for those that its job made then; another table may
 * lack changes from further back, where a room has been read before, and those of people are read from lists of their own.
 */
function readsEnoughFor(tables: readonly string[], { tables: planned }: RunPlan, { changes }: State): boolean {
  const missing = tables.filter((table) => !planned.includes(table));
  const isOfPeople = (table: string): boolean => table === 'users' || table === 'room_members';
  return missing.length === 0 || (Object.keys(changes).length === 0 && !missing.some(isOfPeople));
}

/** undefined: another version of the program wrote it, and its run begins anew. */
function parseRunPlan(path: string, text: Buffer): RunPlan | undefined {
  try {
    const { version, value } = parseVersioned(text, Number.MAX_SAFE_INTEGER);
    return version === runPlanVersion ? parseShape(runPlanSchema, value) : undefined;
  } catch (cause) {
    if (!(cause instanceof JsonShapeError)) throw cause;
    throw new OutputError(`Cannot resume the run in "${path}": the file is damaged: ${cause.message}`, {
      cause,
      hint: `Restore the file from a backup, or remove "${path}": then the run starts over`,
    });
  }
}

export async function writeRunPlan(disk: Disk, archive: string, runPlan: RunPlan): Promise<void> {
  await disk.remove(join(archive, archivePaths.work));
  await disk.makeFolder(join(archive, archivePaths.journal));
  // Of a large workspace the text has tens of megabytes: a line and a piece for each list.
  await replaceFile(disk, join(archive, archivePaths.runPlan), jsonBytes(jsonPieces(runPlan, 2)));
  await disk.syncFolder(archive);
}
