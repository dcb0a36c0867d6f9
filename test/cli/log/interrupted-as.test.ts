import { expect, it } from '@jest/globals';
import { interruptedAs } from '../../../src/cli/log/interrupted-as.ts';
import { InterruptedError, OutputError } from '../../../src/errors.ts';

const work = (error: Error) => interruptedAs('what was sent is kept', 'Run it again', () => Promise.reject(error));

it('says of a signal what has become of this work, and leaves everything else as it is', async () => {
  await expect(work(new InterruptedError('SIGTERM'))).rejects.toMatchObject({
    message: 'Interrupted by SIGTERM: what was sent is kept',
    ...{ hint: 'Run it again', exitCode: 143 },
  });
  const full = new OutputError('full');
  await expect(work(full)).rejects.toBe(full);
  await expect(interruptedAs('', '', () => Promise.resolve(7))).resolves.toBe(7);
});
