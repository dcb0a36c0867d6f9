import { describe, expect, it } from '@jest/globals';
import { ChangingLife } from '../support/life/changing/changing-life.ts';

const lives = 90;

/** One seed, to live a life again that failed. */
const asked = process.env['LIFE_SEED'];
const seeds = asked === undefined ? Array.from({ length: lives }, (_, at) => at + 1) : [Number(asked)];

describe('an archive whose job is edited between its runs', () => {
  it.each(seeds)(
    'is what a first run of the last job makes, or says what it is not (LIFE_SEED=%i)',
    async (seed) => {
      const failure = await ChangingLife.live(seed);
      expect(failure && { seed, ...failure }).toBeUndefined();
    },
    600_000,
  );
});
