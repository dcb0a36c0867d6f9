import type { ProcessContext } from '../process-context.ts';

/** Writes texts to stdout, no faster than they are read, until whoever reads them has enough, as `| head` does. */
export async function writeLines(
  texts: AsyncIterable<string>,
  { stdout }: Pick<ProcessContext, 'stdout'>,
): Promise<void> {
  for await (const text of texts) {
    if (!stdout.isOpen) break;
    stdout.write(text);
    await stdout.drained();
  }
}
