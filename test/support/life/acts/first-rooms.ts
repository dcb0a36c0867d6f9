import { createPrng } from '../../../../src/demo/sample/prng.ts';
import { sampleLogin } from '../../../../src/demo/sample/sample-login.ts';
import type { LifeWorld } from '../life-world.ts';
import { decorations } from './message-acts.ts';

const direct = `${sampleLogin.user},tomasz.r`;

/** A room or two of each kind, with which every life begins. */
export function openFirstRooms(world: LifeWorld): void {
  const prng = createPrng(1);
  for (const [type, name] of [
    ['p', 'ops'],
    ['p', 'hiring'],
    ['c', 'general'],
    ['c', 'random'],
    ['d', direct],
    ['l', 'guest-41'],
  ] as const) {
    const room = world.openRoom({ type, name });
    for (let left = 25; left > 0; left -= 1) {
      world.trueMs += prng.integer(1, 60_000);
      world.post(room, prng, decorations(prng));
    }
  }
}
