import { expect, it } from '@jest/globals';
import { interruptedAs } from '../../../src/cli/log/interrupted-as.ts';
import { defineCommand, type Context } from '../../../src/cli/command.ts';
import { InterruptedError, OutputError } from '../../../src/errors.ts';

const saved = { outcome: 'what was sent is kept', hint: 'Run it again' };
const work = (error: Error) => interruptedAs(saved, () => Promise.reject(error));

it('says of a signal what has become of this work, and leaves everything else as it is', async () => {
  await expect(work(new InterruptedError('SIGTERM'))).rejects.toMatchObject({
    message: 'Interrupted by SIGTERM: what was sent is kept',
    ...{ hint: 'Run it again', exitCode: 143 },
  });
  const knows = new InterruptedError('SIGINT', 'the archive is as it was');
  await expect(work(knows)).rejects.toBe(knows);
  const full = new OutputError('full');
  await expect(work(full)).rejects.toBe(full);
  await expect(interruptedAs(saved, () => Promise.resolve(7))).resolves.toBe(7);
});

const signalled = (interrupted?: typeof saved): Promise<number> =>
  defineCommand({
    ...{
      name: 'look',
      usage: 'look',
      summary: '',
      description: '',
      positionals: {},
      options: {},
      examples: [],
      notes: [],
    },
    ...(interrupted && { interrupted }),
    run: () => Promise.reject(new InterruptedError('SIGINT')),
  }).run({}, {} as Context);

it('a search that is interrupted does not say that what was read is saved, as a run does', async () => {
  await expect(signalled()).rejects.toThrow('Interrupted by SIGINT: nothing was changed');
  await expect(signalled(saved)).rejects.toThrow('Interrupted by SIGINT: what was sent is kept');
});
