import { expect, it } from '@jest/globals';
import { runHere } from '../../support/program/fake-process.ts';

it.each([
  [['run', 'job.yaml', '--queue'], 'Missing value of --queue'],
  [['run', 'job.yaml', '--queue', '--quiet'], 'Missing value of --queue'],
  [['latest', 'output/all', '--room'], 'Missing value of --room'],
  [['report', 'output/all', 'second'], 'Unexpected argument "second"'],
])('%j lacks what the error says (regression: the positional was called unexpected)', async (argv, message) => {
  expect(await runHere(argv)).toMatchObject({
    code: 64,
    stderr: expect.stringContaining(`error: ${message}\n`) as unknown,
  });
});
