import { serveWorkspace } from '../../../src/demo/server/server.ts';
import type { Happening } from './acts/calendar.ts';
import { Life } from './life.ts';
import type { LifeSetup } from './life-setup.ts';
import { LifeWorld } from './life-world.ts';

/** What went wrong on which day, and all that had happened until then. */
export interface LifeFailure {
  readonly day: number;
  readonly problems: readonly string[];
  readonly log: readonly string[];
}

/** One format, and the messages as they are. */
const plainSetup: LifeSetup = { formats: ['jsonl'], partition: 'none', steps: [] };

/** Lives through all that happens, night after night, until something is wrong. undefined: nothing was. */
export async function liveThrough(
  happenings: readonly Happening[],
  days: number,
  setup: LifeSetup = plainSetup,
): Promise<LifeFailure | undefined> {
  const world = new LifeWorld();
  const seen: { life?: Life } = {};
  const server = await serveWorkspace(world.workspace, {
    now: () => world.serverMs(),
    intercept: (exchange) => seen.life?.intercept(exchange) ?? false,
  });
  const life = (seen.life = new Life(world, server, setup));
  try {
    for (let day = 0; day <= days; day += 1) {
      const problems = await life.day(
        happenings.filter((happening) => happening.day === day),
        day === days || day % 7 === 0,
      );
      if (problems.length > 0) return { day, problems, log: life.log };
    }
    const problems = await life.rest();
    return problems.length === 0 ? undefined : { day: days, problems, log: life.log };
  } finally {
    await server.close();
  }
}
