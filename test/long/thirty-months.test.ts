import { describe, it } from '@jest/globals';
import { expectLives } from '../support/life/expect-lives.ts';

const days = 30;
const lives = 30;

/** One seed, to live a life again that failed. */
const asked = process.env['LIFE_SEED'];
const seeds = asked === undefined ? Array.from({ length: lives }, (_, at) => at + 1) : [Number(asked)];

describe('an archive that lives with its workspace for months', () => {
  it.each(seeds)(
    'has the truth in every table after each night, or says what it lacks (LIFE_SEED=%i)',
    (seed) => expectLives(seed, days),
    600_000,
  );
});
