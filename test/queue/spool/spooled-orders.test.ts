import { beforeEach, expect, it } from '@jest/globals';
import type { SpoolOrder } from '../../../src/queue/spool/spool-order.ts';
import type { Spool, SpooledRun } from '../../../src/queue/spool/spool.ts';
import { SpooledOrders } from '../../../src/queue/spool/spooled-orders.ts';
import { sampleRunPlan } from '../../support/plans/sample-run-plan.ts';
import { sampleStream } from '../../support/plans/sample-stream.ts';

const stream = sampleStream();
const reread = { ...sampleStream({ journal: '0007-groups.messages-r7.pages' }), tables: ['mentions'] };
const order: SpoolOrder = {
  ...{ host: 'here', archive: '/archive', longestPage: { rows: 0 } },
  runPlan: sampleRunPlan({ streams: [stream], rereads: [reread] }),
};

/** Keys of orders in the order in which they were read. */
let read: string[];
let over: Set<string>;
let orders: SpooledOrders;

beforeEach(() => {
  read = [];
  over = new Set();
  const run = (key: string): Pick<SpooledRun, 'isOpen' | 'order'> => ({
    isOpen: () => Promise.resolve(!over.has(key)),
    order: () => {
      read.push(key);
      return Promise.resolve(key === 'never' ? undefined : order);
    },
  });
  orders = new SpooledOrders({ run } as Spool);
});

const found = async (key: string, list = '0001') => (await orders.listOf(key, list))?.stream;

it('finds a list by its number, among the streams and the rereads of its run', async () => {
  expect(await found('run')).toEqual(stream);
  expect(await found('run', '0007')).toEqual(reread);
  expect(await orders.listOf('run', '0002')).toBeUndefined();
  expect((await orders.listOf('run', '0001'))?.order).toBe(order);
});

it('reads an order once, however many lists are asked for', async () => {
  for (let at = 0; at < 3; at += 1) await found('run');
  expect(read).toEqual(['run']);
});

it('keeps the orders of the four runs that were asked for last', async () => {
  for (const key of ['a', 'b', 'c', 'd', 'a', 'e']) await found(key);
  expect(read.splice(0)).toEqual(['a', 'b', 'c', 'd', 'e']);
  for (const key of ['a', 'c', 'd', 'e', 'b']) await found(key);
  expect(read).toEqual(['b']);
});

it('has nothing of a run that is over, or of which the spool knows nothing, and reads it anew when it is open again', async () => {
  expect(await orders.listOf('never', '0001')).toBeUndefined();
  expect(await found('run')).toEqual(stream);
  over.add('run');
  expect(await found('run')).toBeUndefined();
  over.clear();
  expect(await found('run')).toEqual(stream);
  expect(read).toEqual(['never', 'run', 'run']);
});
