import { expect, it } from '@jest/globals';
import { parseSpoolId, spoolIdText } from '../../../src/queue/spool/spool-id.ts';
import { failure } from '../../support/failure.ts';

it('is read as it was written', () => {
  expect(parseSpoolId('/s', spoolIdText('one'))).toBe('one');
});

it.each(['{"id":', '{}', '{"id":""}', 'null'])('is refused with what to do when it is damaged: %s', async (text) => {
  const parsing = Promise.resolve().then(() => parseSpoolId('/s/spool.json', Buffer.from(text)));
  expect(await failure(parsing)).toMatchObject({
    ...{ kind: 'output', message: 'Cannot use the spool: "/s/spool.json" is damaged' },
    hint: expect.stringContaining('Remove the spool'),
  });
});
