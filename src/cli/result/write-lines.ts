import type { EmittedLines } from '../../database/emit/emitted-lines.ts';
import type { ProcessContext } from '../process-context.ts';

/** Writes lines to stdout, no faster than they are read, until whoever reads them has enough, as `| head` does. */
export async function writeLines(
  emitted: AsyncIterable<EmittedLines>,
  { stdout }: Pick<ProcessContext, 'stdout'>,
): Promise<void> {
  for await (const { lines } of emitted) {
    if (!stdout.isOpen) break;
    stdout.write(lines);
    await stdout.drained();
  }
}
