import { createBudget, type Budget, type BudgetOptions, type Permit } from '../../rocketchat/pacing/budget.ts';
import type { NextStep } from '../../rocketchat/pacing/rate-window.ts';
import { Rejections } from '../../rocketchat/pacing/rejections.ts';
import { WaitingLine } from '../../rocketchat/pacing/waiting-line.ts';
import type { SharedCell } from './shared-cell.ts';
import {
  afterSharedAnswer,
  afterSharedSending,
  movedBy,
  nextSharedStep,
  parseSharedWindow,
  sharedWindowAt,
  type SharedWindow,
} from './shared-window.ts';

interface SharedBudgetOptions extends BudgetOptions {
  readonly cell: SharedCell;
  /** Names a request as nothing else does. */
  readonly newId: () => string;
}

/** Until an answer that somebody else waits for has shown the window. */
const lookEveryMs = 50;

/** So long this process goes by itself when the cell does not respond. */
const aloneForMs = 60_000;

/**
 * The rate limit of one endpoint, spent together with all who share its cell. Where that does not respond it is spent alone:
 * the server says no to what is too much, and is asked again.
 */
export function createSharedBudget(options: SharedBudgetOptions): Budget {
  const { cell, newId, endpoint, clock, waiting, skew } = options;
  const alone = createBudget(options);
  const line = new WaitingLine<Permit>();
  const rejections = new Rejections();
  let isServing = false;
  let waitedMs = 0;
  let aloneUntilMs = -Infinity;
  let text: string | undefined;
  /** The clock of the cell minus ours. */
  let aheadMs = 0;
  /** One change after another: this process is no rival to itself. */
  let changed: Promise<unknown> = Promise.resolve();

  function change<Found>(next: (shared: SharedWindow) => readonly [SharedWindow, Found]): Promise<Found> {
    const work = changed.then(async () => {
      for (;;) {
        const known = movedBy(parseSharedWindow(text), -aheadMs);
        const [after, found] = next(sharedWindowAt(known, { nowMs: clock.now(), skew: skew() }));
        const { isSet, current, nowMs } = await cell.compareAndSet(text, JSON.stringify(movedBy(after, aheadMs)));
        text = current;
        aheadMs = nowMs - clock.now();
        if (isSet) return found;
      }
    });
    changed = work.catch(() => undefined);
    return work;
  }

  function nextRequest(): Promise<Permit | Exclude<NextStep, { kind: 'send' }>> {
    const id = newId();
    return change<Permit | Exclude<NextStep, { kind: 'send' }>>((shared) => {
      const step = nextSharedStep(shared, skew());
      return step.kind === 'send'
        ? [afterSharedSending(shared, id, clock.now()), permitOf(id, shared.window.kind === 'unknown')]
        : [shared, step];
    });
  }

  function permitOf(id: string, isProbe: boolean): Permit {
    const observe = rejections.sent();
    return {
      settle: (settled) => {
        const observation = observe(settled);
        // A cell that does not respond forgets the request when its window is over.
        change((shared) => [afterSharedAnswer(shared, id, observation, isProbe, skew()), undefined]).catch(
          () => undefined,
        );
      },
    };
  }

  async function permitFor(): Promise<Permit> {
    for (;;) {
      waiting.throwIfAborted();
      if (clock.now() < aloneUntilMs) return alone.acquire();
      let next: Awaited<ReturnType<typeof nextRequest>>;
      try {
        next = await nextRequest();
      } catch {
        aloneUntilMs = clock.now() + aloneForMs;
        text = undefined;
        continue;
      }
      if ('settle' in next) return next;
      if (next.kind === 'wait') {
        const fromMs = clock.now();
        await waiting.forRateLimit(endpoint, next.untilMs);
        waitedMs += Math.max(0, next.untilMs - fromMs);
      } else await waiting.forOthers(lookEveryMs);
    }
  }

  async function serve(): Promise<void> {
    if (isServing) return;
    isServing = true;
    while (!line.isEmpty) {
      try {
        line.serve(await permitFor());
      } catch (error) {
        line.refuse(error);
      }
    }
    isServing = false;
  }

  return {
    acquire: () => {
      const permit = line.join();
      void serve();
      return permit;
    },
    waitedMs: () => waitedMs + alone.waitedMs(),
  };
}
