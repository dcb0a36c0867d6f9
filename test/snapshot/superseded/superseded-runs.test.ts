import { describe, expect, it } from '@jest/globals';
import {
  mayHoldSuperseded,
  supersededRuns,
  withoutSuperseded,
} from '../../../src/snapshot/superseded/superseded-runs.ts';

const plain = (run: number) => ({ run, steps: [{ step: 'dropSystemMessages', settings: {} }] });
const hidden = (run: number, key: string) => ({
  run,
  steps: [{ step: 'pseudonymize', settings: { keyFingerprint: key } }],
});

describe('the runs that are superseded', () => {
  it.each([
    ['none while no room was read again', [plain(1), hidden(2, 'a')], [], []],
    ['none before the run that does so', [plain(1), hidden(2, 'a')], [3], []],
    ['those with names, not those with the same key', [plain(1), hidden(2, 'a'), hidden(4, 'a')], [3], [1]],
    ['those with another key', [hidden(1, 'b'), hidden(3, 'a')], [2], [1]],
    ['those with pseudonyms when the job has names again', [hidden(1, 'a'), plain(3)], [2], [1]],
    ['none where other steps differ', [plain(1), { run: 3, steps: [] }], [2], []],
    ['what was so before, whatever comes later', [plain(1), hidden(3, 'a'), plain(5)], [2, 4], [1, 3]],
    ['not those behind that have names again', [plain(1), hidden(3, 'a'), plain(4)], [2], [1]],
  ])('are %s', (_, runs, resets, expected) => {
    expect([...supersededRuns(runs, resets).runs]).toEqual(expected);
  });
});

describe('files with rows of superseded runs', () => {
  const rows = { superseded: supersededRuns([plain(1), hidden(3, 'a')], [2]), compactedToLatest: 0 };
  const file = (run: number, isOfOthers = false) => ({ place: { run }, isOfOthers, rows: 5 });

  it('are left out, and of those with rows of several runs the rows', () => {
    const [own, merged] = [file(3), file(4, true)];
    expect(withoutSuperseded([file(1), own, merged], { ...rows, runs: [{ run: 3 }] })).toEqual([
      own,
      { ...merged, onlyRuns: new Set([3]) },
    ]);
  });

  it('are none any more when a compaction has kept current rows only', () => {
    expect(mayHoldSuperseded(file(4, true), { ...rows, compactedToLatest: 4 })).toBe(false);
    expect(mayHoldSuperseded(file(1), { ...rows, compactedToLatest: 4 })).toBe(true);
    expect(mayHoldSuperseded({ ...file(1), rows: 0 }, rows)).toBe(false);
  });
});
