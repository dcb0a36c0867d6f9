import { createPrng } from '../../../../src/demo/sample/prng.ts';
import { importActs } from './import-acts.ts';
import { messageActs } from './message-acts.ts';
import { roomActs } from './room-acts.ts';
import { serverActs } from './server-acts.ts';

export const acts = { ...messageActs, ...importActs, ...roomActs, ...serverActs };

export type ActName = keyof typeof acts;

export function isAct(what: Happening['what']): what is ActName {
  return Object.hasOwn(acts, what);
}

/** What a night brings to the run, beside an ordinary one. */
export type NightName =
  'compact' | 'meanwhile' | 'cut' | 'refuseList' | 'refuseChanges' | 'breakRoom' | 'limit' | 'everyRoom' | 'skip';

/** One thing that happens on a day: the same `seed` makes it choose in the same way. */
export interface Happening {
  readonly day: number;
  readonly what: ActName | NightName;
  readonly seed: number;
}

/** How often what happens in the workspace: of some 30 a day. */
const weights: Readonly<Record<ActName, number>> = {
  ...{ post: 10, burst: 1, reply: 2, edit: 6, react: 4, unreact: 2, unmention: 1, detach: 1, unlink: 1, pin: 1 },
  ...{ remove: 5, erase: 1, prune: 1, bulk: 0.3, import: 1, reimport: 0.15, revive: 0.4, move: 0.4, future: 0.05 },
  ...{ open: 0.3, rename: 0.3, archive: 0.3, convert: 0.3, leave: 0.15, join: 0.15, demolish: 0.08 },
  ...{ invite: 0.08, ban: 0.05, admit: 0.1 },
  ...{ upgrade: 0.12, keepHistory: 0.08, serverClock: 0.1, clientClock: 0.1, nodes: 0.1, restore: 0.1 },
};

/** Chances of a night. */
const nights: Readonly<Record<NightName, number>> = {
  ...{ meanwhile: 0.2, cut: 0.15, refuseList: 0.06, refuseChanges: 0.06, breakRoom: 0.05 },
  ...{ limit: 0.03, everyRoom: 0.05, skip: 0.05, compact: 0.06 },
};

/** All that happens in a life, from a seed. */
export function calendarOf(seed: number, days: number): readonly Happening[] {
  const prng = createPrng(seed);
  const names = Object.keys(weights) as readonly ActName[];
  const total = names.reduce((sum, name) => sum + weights[name], 0);
  const pickAct = (): ActName => {
    let left = prng.next() * total;
    return names.find((name) => (left -= weights[name]) < 0) ?? 'post';
  };
  const happenings: Happening[] = [];
  for (let day = 1; day <= days; day += 1) {
    // Quiet days, too: what nobody is shown is found by the silence of a room only.
    for (let left = prng.chance(0.2) ? 0 : prng.integer(1, 40); left > 0; left -= 1) {
      happenings.push({ day, what: pickAct(), seed: prng.integer(1, 2 ** 31) });
    }
    for (const what of Object.keys(nights) as readonly NightName[]) {
      if (prng.chance(nights[what])) happenings.push({ day, what, seed: prng.integer(1, 2 ** 31) });
    }
  }
  return happenings;
}
