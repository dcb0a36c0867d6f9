import type { RunPlan } from './run-plan.ts';
import { join } from 'node:path';
import { archivePaths } from '../archive/paths.ts';
import type { State } from '../archive/state/state.ts';
import { replaceFile, type Disk } from '../system/disk.ts';
import { OutputError } from '../errors.ts';

/**
 * The run that was cut, if there is one that this job can resume.
 *
 * @throws OutputError when its file is damaged: what was read so far is not thrown away unasked
 */
export async function readRunPlan(
  disk: Disk,
  archive: string,
  state: State,
  extractSha256: string,
): Promise<RunPlan | undefined> {
  const path = join(archive, archivePaths.openRun);
  const text = await disk.readFile(path);
  if (text === undefined) return undefined;
  const runPlan = parseRunPlan(path, text);
  const isOurs = runPlan.version === 7 && runPlan.run === state.run + 1 && runPlan.extractSha256 === extractSha256;
  return isOurs ? (runPlan as RunPlan) : undefined;
}

function parseRunPlan(path: string, text: Buffer): Partial<RunPlan> {
  try {
    // replaceFile wrote it whole or not at all; another version of the program may have written it differently.
    return JSON.parse(text.toString()) as Partial<RunPlan>;
  } catch (cause) {
    throw new OutputError(`Cannot resume the run in "${path}": the file is damaged`, {
      cause,
      hint: `Restore the file from a backup, or remove "${path}": then the run starts over`,
    });
  }
}

export async function writeRunPlan(disk: Disk, archive: string, runPlan: RunPlan): Promise<void> {
  await disk.remove(join(archive, archivePaths.work));
  await disk.makeFolder(join(archive, archivePaths.journal));
  await replaceFile(disk, join(archive, archivePaths.openRun), `${JSON.stringify(runPlan, null, 2)}\n`);
  await disk.syncFolder(archive);
}
