import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { StepOptions } from '../../../src/model/step-options.ts';
import { loadSteps } from '../../../src/transforms/steps/load-steps.ts';
import { StepChain } from '../../../src/transforms/steps/step-chain.ts';
import { flattenRaw } from '../../support/messages/raw-message.ts';

async function chainOf(...steps: readonly StepOptions[]): Promise<StepChain> {
  return new StepChain(await loadSteps(steps));
}

const at = (ts: string) => flattenRaw({ ts });

describe('dropSystemMessages', () => {
  it('drops what has a type, but for encrypted messages', async () => {
    const chain = await chainOf({ kind: 'dropSystemMessages' });
    const types = ['uj', 'rm', 'a-type-of-tomorrow', 'e2e', undefined];
    expect(types.filter((t) => chain.message(flattenRaw({ t })) !== null)).toEqual(['e2e', undefined]);
    expect(chain.counts()).toEqual([{ step: 'dropSystemMessages', settings: {}, dropped: 3 }]);
  });
});

describe('since and until', () => {
  const sinceMs = Date.UTC(2024, 0, 1);
  const untilMs = Date.UTC(2024, 1, 1);

  it('keep the first instant and not the last', async () => {
    const chain = await chainOf({ kind: 'period', sinceMs, untilMs });
    const times = ['2023-12-31T23:59:59.999Z', '2024-01-01T00:00:00.000Z', '2024-01-31T23:59:59.999Z'];
    expect([...times, '2024-02-01T00:00:00.000Z'].filter((ts) => chain.message(at(ts)) !== null)).toEqual(
      times.slice(1),
    );
    expect(chain.counts()[0]).toEqual({
      step: 'period',
      settings: { since: '2024-01-01T00:00:00.000Z', until: '2024-02-01T00:00:00.000Z' },
      dropped: 2,
    });
  });

  it('split any messages so that each is kept by exactly one of two periods that touch', async () => {
    const [before, after] = [
      await chainOf({ kind: 'period', sinceMs: null, untilMs }),
      await chainOf({ kind: 'period', sinceMs: untilMs, untilMs: null }),
    ];
    fc.assert(
      fc.property(fc.integer({ min: -3, max: 3 }), (ms) => {
        const message = at(new Date(untilMs + ms).toISOString());
        expect([before, after].filter((chain) => chain.message(message) !== null)).toHaveLength(1);
      }),
    );
  });
});

describe('a chain of steps', () => {
  it('goes in order, and counts a message for the first step that drops it', async () => {
    const chain = await chainOf(
      { kind: 'period', sinceMs: Date.UTC(2024, 0, 1), untilMs: null },
      { kind: 'dropSystemMessages' },
      { kind: 'dropColumns', columns: ['extra'] },
    );
    chain.message(flattenRaw({ t: 'uj', ts: '2023-01-01T00:00:00Z' }));
    chain.message(flattenRaw({ t: 'uj' }));
    expect(chain.message(flattenRaw({}))).toEqual(flattenRaw({}));
    expect(chain.counts().map(({ dropped }) => dropped)).toEqual([1, 1, 0]);
    expect([...chain.droppedColumns]).toEqual(['extra']);
  });
});
