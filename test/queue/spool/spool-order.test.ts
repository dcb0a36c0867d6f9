import { expect, it } from '@jest/globals';
import { parseSpoolOrder, spoolOrderText } from '../../../src/queue/spool/spool-order.ts';
import { failure } from '../../support/failure.ts';
import { sampleRunPlan } from '../../support/plans/sample-run-plan.ts';
import { sampleStream } from '../../support/plans/sample-stream.ts';

const order = {
  ...{ host: null, archive: '/archive', longestPage: { rows: 50 } },
  runPlan: sampleRunPlan({ streams: [sampleStream()] }),
};

it('has all of the plan for a worker of the same version', () => {
  expect(parseSpoolOrder('/s', Buffer.from(spoolOrderText(order)))).toEqual(order);
});

it('of another version of the program is refused, with whose version it should be', async () => {
  const other = spoolOrderText(order).replace('"version":14', '"version":13');
  for (const text of [other, '{', '{}']) {
    const parsing = Promise.resolve().then(() => parseSpoolOrder('/s/order.json', Buffer.from(text)));
    expect(await failure(parsing)).toMatchObject({
      ...{ kind: 'output', message: expect.stringContaining('"/s/order.json" is damaged') },
      hint: expect.stringContaining('of one version'),
    });
  }
});
