import { describe, expect, it } from '@jest/globals';
import { createSampleWorkspace } from '../../src/demo/sample/sample-workspace.ts';
import { serveWorkspace } from '../../src/demo/server/server.ts';
import { runJob } from '../../src/pipeline.ts';
import { historyAdvice } from '../../src/preview/history-advice.ts';
import { planJob } from '../../src/preview/plan-job.ts';
import { here, jobFor } from '../support/runs/run-here.ts';
import { inTemporaryFolder } from '../support/disk/temporary-folder.ts';
import { sampleRoom } from '../support/plans/sample-room.ts';
import { sampleStream } from '../support/plans/sample-stream.ts';

describe('the plan of a job with a period', () => {
  it('counts the requests of the period, not of the rooms, and the run makes about as many', async () => {
    const workspace = createSampleWorkspace();
    const served = await serveWorkspace(workspace, { cap: 10 });
    const [largest] = workspace.rooms
      .filter(({ type }) => type === 'p')
      .toSorted((a, b) => b.messages.length - a.messages.length);
    const messages = largest?.messages ?? [];
    const sinceMs = messages[Math.floor(messages.length / 2)]?.tsMs ?? 0;
    const untilMs = messages[Math.floor(messages.length / 2) + 25]?.tsMs ?? 0;
    const rooms = [largest?.id ?? ''];
    try {
      await inTemporaryFolder(async (archive) => {
        const job = jobFor(served.url, archive, { extract: [{ rooms, period: { sinceMs, untilMs } }] });
        const planned = await planJob(job, here);
        const whole = await planJob({ ...job, extract: [{ rooms }] }, here);
        expect(planned.total.messages).toBeLessThan(whole.total.messages);
        expect(planned.total.requests).toBeLessThan(whole.total.requests);
        const { lists, requests, coverage } = await runJob(job, here);
        expect(lists.map(({ period, exported }) => ({ period, exported }))).toEqual([
          {
            period: { since: new Date(sinceMs).toISOString(), until: new Date(untilMs).toISOString() },
            exported: messages.filter(({ tsMs, hidden }) => !hidden && tsMs >= sinceMs && tsMs < untilMs).length,
          },
        ]);
        expect(coverage?.listsOutsidePeriod).toBe(0);
        const pages = Math.ceil(messages.length / 10);
        expect(requests['groups.messages']?.requests).toBeLessThanOrEqual(
          Math.ceil(25 / 10) + 2 + Math.ceil(Math.log2(pages)),
        );
        const narrower = await runJob(
          { ...job, extract: [{ rooms, period: { sinceMs: sinceMs + 1, untilMs } }] },
          here,
        );
        expect(narrower.coverage?.listsOutsidePeriod).toBe(1);
        expect(narrower.tables['messages']).toBe(0);
      });
    } finally {
      await served.close();
    }
  });
});

describe('the advice of a plan', () => {
  const estimate = (requests: number, fields: Parameters<typeof sampleStream>[0] = {}) => ({
    ...{ stream: sampleStream({ room: sampleRoom({ messageCount: 20_000 }), ...fields }), messages: 20_000, requests },
    basis: 'counted' as const,
  });

  it('is to read groups by their history where that saves requests, with its price', () => {
    expect(historyAdvice([estimate(205)])).toContain('one private group in some 22 requests instead of 205');
    expect(historyAdvice([estimate(205)])).toContain('Hide_System_Messages');
  });

  it('reckons a history with the pageSize of the job, and groups the digits of its numbers', () => {
    expect(historyAdvice([estimate(205, { pageSize: 100 })])).toBeNull();
    expect(historyAdvice([estimate(1_112, { pageSize: 20 })])).toContain('in some 1,054 requests instead of 1,112');
  });

  it.each([
    ['little is saved', estimate(25)],
    ['the job does so', estimate(205, { via: 'history' })],
    ['a filter would be lost', estimate(205, { filters: { pinned: true } })],
    ['the endpoint has no history that gains anything', estimate(205, { endpoint: 'channels.messages' })],
  ])('is none where %s', (_, one) => expect(historyAdvice([one])).toBeNull());
});
