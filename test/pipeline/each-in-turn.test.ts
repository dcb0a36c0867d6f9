import { expect, it } from '@jest/globals';
import { InterruptedError, OutputError, StoppedError } from '../../src/errors.ts';
import { eachInTurn } from '../../src/pipeline/each-in-turn.ts';

function failing(error: Error, failure = 'its report could not be made') {
  return { failure, work: () => Promise.reject(error) };
}

it('does what comes behind a failure, one after the other, and fails with the first', async () => {
  const done: string[] = [];
  const step = (name: string, error?: Error) => ({
    failure: `${name} failed`,
    work: async () => {
      done.push(`${name} begins`);
      await Promise.resolve();
      if (error !== undefined) throw error;
      done.push(`${name} ends`);
    },
  });
  const steps = [step('report', new Error('no report')), step('push'), step('load', new Error('no database'))];
  await expect(eachInTurn(steps)).rejects.toThrow('no report');
  expect(done).toEqual(['report begins', 'push begins', 'push ends', 'load begins']);
  await expect(eachInTurn([step('push')])).resolves.toBeUndefined();
});

it('says of every failure that the run is published, with the hint of its own or that another run makes up for it', async () => {
  const [hinted, bare] = [new OutputError('the disk is full', { hint: 'Make room' }), new OutputError('no')];
  await expect(eachInTurn([failing(hinted)])).rejects.toEqual(
    new StoppedError('The run is published, and its report could not be made: the disk is full', { cause: hinted }),
  );
  await expect(eachInTurn([failing(hinted)])).rejects.toMatchObject({ exitCode: 75, hint: 'Make room', cause: hinted });
  await expect(eachInTurn([failing(bare)])).rejects.toMatchObject({
    exitCode: 75,
    hint: 'Run the job again: it does what is missing',
  });
});

it('names every failure, not the first alone', async () => {
  const steps = [
    failing(new OutputError('the disk is full', { hint: 'Make room' })),
    failing(new OutputError('no bucket'), 'could not be pushed'),
    failing(new InterruptedError('SIGTERM'), 'could not be loaded into the database'),
  ];
  await expect(eachInTurn(steps)).rejects.toMatchObject({
    message:
      'The run is published, and its report could not be made: the disk is full; and could not be pushed: no bucket',
    hint: 'Make room',
  });
});

it('a signal behind publishing ends with its own code, whatever it cut: it was 75 for a report, a transcript and a database', async () => {
  const steps = [failing(new InterruptedError('SIGTERM')), failing(new Error('a bug'))];
  await expect(eachInTurn(steps)).rejects.toMatchObject({
    exitCode: 143,
    message: 'Interrupted by SIGTERM: the run is published, and its report could not be made',
    hint: 'Run the job again: it does what is missing',
  });
});

it('a bug stays one', async () => {
  const bug = new TypeError('no such function');
  await expect(eachInTurn([failing(bug)])).rejects.toBe(bug);
});
