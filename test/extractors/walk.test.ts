import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RoomError } from '../../src/errors.ts';
import { walk, type WalkOptions } from '../../src/extractors/walk.ts';
import { fromTheBeginning, type Cursor } from '../../src/stream.ts';
import { MovingList, seededRandom, type ListRules, type MoveKind } from '../support/moving-list.ts';

interface Taken {
  readonly ids: string[];
  readonly cursor: Cursor;
}

async function walkAll(list: MovingList, ahead: number, options: Partial<WalkOptions> = {}): Promise<Taken> {
  const ids: string[] = [];
  const steps = walk(list.fetch, {
    cursor: fromTheBeginning,
    longestPage: { rows: 0 },
    mayHold: (held) => held < ahead,
    ...options,
  });
  for (;;) {
    const { value, done } = await steps.next();
    if (done) return { ids, cursor: value };
    value.page.rows.forEach((row, index) => {
      if (index >= value.from && index < value.to && !value.skip.includes(index)) ids.push(row.id);
    });
  }
}

const everyMove: readonly MoveKind[] = ['post', 'delete', 'delete-last-seen', 'prune', 'edit', 'late-insert', 'burst', 'cap'];

const anyRules: fc.Arbitrary<ListRules> = fc.record({
  size: fc.integer({ min: 0, max: 300 }),
  ties: fc.constantFrom(0, 0.02, 0.3, 0.9, 1),
  cap: fc.constantFrom(1, 2, 3, 4, 7, 50, 100, 5000),
  defaultCount: fc.constantFrom(null, 50),
  movesPerRequest: fc.integer({ min: 0, max: 3 }),
  moves: fc.subarray([...everyMove]),
  lie: fc.constantFrom(0, 0, 1, 3),
  burstSize: fc.constantFrom(2, 30, 150),
});

const outrunsReader = ({ cap, moves, movesPerRequest }: ListRules): boolean =>
  movesPerRequest > 0 && (cap <= 4 || moves.includes('cap'));

function exactlyOnce(list: MovingList, ids: readonly string[]): void {
  expect(new Set(ids).size).toBe(ids.length);
  const taken = new Set(ids);
  expect(list.survivors().filter((id) => !taken.has(id))).toEqual([]);
}

describe('walk', () => {
  it('takes every survivor exactly once, whatever moves, at any concurrency', async () => {
    await fc.assert(
      fc.asyncProperty(anyRules, fc.integer(), fc.integer({ min: 1, max: 16 }), async (rules, seed, ahead) => {
        const list = new MovingList(rules, seededRandom(seed));
        const outcome = await walkAll(list, ahead).catch((error: unknown) => error);
        // With pages of one or two rows a list can move faster than anybody can read: then the walk says so.
        if (outcome instanceof RoomError && outcome.reason === 'moving' && outrunsReader(rules)) return;
        if (outcome instanceof Error) throw outcome;
        exactlyOnce(list, (outcome as Taken).ids);
      }),
      { numRuns: Number(process.env['WALK_RUNS'] ?? 500) },
    );
  }, 600000);
});
