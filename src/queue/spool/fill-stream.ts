import { extractStream } from '../../extract/extract-stream.ts';
import { PageAllowance } from '../../extract/page-allowance.ts';
import type { StreamContext } from '../../extract/extract-context.ts';
import { StreamJournal } from '../../journal/stream-journal.ts';
import type { RunStream } from '../../plan/run-plan.ts';
import type { SpooledRun } from './spool.ts';

interface FillOptions extends Omit<StreamContext, 'journals' | 'onProgress'> {
  readonly run: SpooledRun;
  /** Names this attempt, as nothing names another. */
  readonly attempt: string;
  /** Pages that the walk may be ahead. */
  readonly concurrency: number;
}

/** `late`: another attempt was first. `over`: the run takes nothing any more. */
export type Filled = 'filled' | 'late' | 'over';

/**
 * Reads one list into a journal of the spool, from where the attempts before it came to, and hands it in. A room that
 * cannot be read closes its journal with a gap, as in the run itself.
 *
 * @throws what ends a run: then what was read stays in the spool for the next attempt
 */
export async function fillStream(
  stream: RunStream,
  { run, attempt, concurrency, ...context }: FillOptions,
): Promise<Filled> {
  const { disk, nowMs } = context;
  if (await run.hasWhole(stream.journal)) return 'late';
  try {
    const path = await run.beginPart(stream.journal, attempt);
    const journals = { journal: () => StreamJournal.open(disk, path, nowMs), path: () => path };
    await extractStream({ ...context, journals, onProgress: () => undefined }, stream, new PageAllowance(concurrency));
    return (await run.handIn(stream.journal, path)) ? 'filled' : 'late';
  } catch (error) {
    // Nobody misses what is not found any more: the run, or another attempt, has cleared it away.
    if (!(await run.isOpen())) return 'over';
    if (await run.hasWhole(stream.journal)) return 'late';
    throw error;
  }
}
