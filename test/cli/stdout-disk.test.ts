import { expect, it } from '@jest/globals';
import { stdoutDisk } from '../../src/cli/stdout-disk.ts';
import { MemoryDisk } from '../support/disk/memory-disk.ts';

it('what is written to a pipe waits for its reader, so that memory does not hold all of it', async () => {
  const taken: string[] = [];
  let drain = (): void => undefined;
  const file = await stdoutDisk(new MemoryDisk(), {
    write: (text) => void taken.push(text),
    columns: null,
    isOpen: true,
    drained: () => new Promise((resolve) => (drain = resolve)),
  }).open('stdout', 'truncate');
  let isWritten = false;
  const writing = file.write(Buffer.from('line\n')).then(() => (isWritten = true));
  await new Promise(setImmediate);
  expect({ taken, isWritten }).toEqual({ taken: ['line\n'], isWritten: false });
  drain();
  await writing;
});
