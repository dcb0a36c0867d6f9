import { describe, expect, it } from '@jest/globals';
import stringWidth from 'string-width';
import { progressLine } from '../../../src/cli/log/progress-line.ts';

const line = {
  figures: { messages: 3_346, expected: 5_015, isExpectedWhole: true, lists: 11, listsRead: 7 },
  atWork: [
    { room: 'ops-oncall', messages: 875, late: 0, expected: 2_500 },
    { room: '設計', messages: 10, late: 0, expected: null },
  ],
  doneAt: '11:42',
  waits: [{ kind: 'rate-limit' as const, endpoint: 'groups.messages', ms: 42_000 }],
};

describe('the line of progress', () => {
  it.each([
    [
      Infinity,
      'ops-oncall 875/2,500, 設計 10 · total 3,346/5,015 (66 %) · done ≈ 11:42 · next call of groups.messages in 42 s',
    ],
    [
      140,
      '████████░░░░ ops-oncall 875/2,500, 設計 10 · total 3,346/5,015 (66 %) · done ≈ 11:42 · next call of groups.messages in 42 s',
    ],
    [105, 'ops-oncall 875/2,500, +1 · total 3,346/5,015 (66 %) · done ≈ 11:42 · next call of groups.messages in 42 s'],
    [100, '████████░░░░ ops-oncall 875/2,500, +1 · total 3,346/5,015 (66 %) · done ≈ 11:42 · next call in 42 s'],
    [90, 'ops-oncall 875/2,500, +1 · total 3,346/5,015 (66 %) · done ≈ 11:42 · next call in 42 s'],
    [80, 'ops-oncall 875/2,500, +1 · total 3,346/5,015 · done ≈ 11:42 · next call in 42 s'],
    [77, '████████░░░░ total 3,346/5,015 (66 %) · done ≈ 11:42 · next call in 42 s'],
    [57, 'total 3,346/5,015 · done ≈ 11:42 · next call in 42 s'],
    [48, 'total 3,346/5,015 (66 %) · next call in 42 s'],
    [40, 'total 3,346/5,015 (66 %)'],
    [20, 'total 3,346/5,015 (66 %)'],
  ])('in %s columns keeps what matters most', (columns, expected) => {
    const shown = progressLine(line, columns);
    expect(shown).toBe(expected);
    if (columns > 24) expect(stringWidth(shown)).toBeLessThanOrEqual(columns);
  });

  it('shows a sum that is not whole as such, without a share of it', () => {
    const figures = { ...line.figures, isExpectedWhole: false };
    expect(progressLine({ ...line, figures, atWork: [], waits: [] }, 80)).toBe('total 3,346/5,015+ · done after 11:42');
  });

  it('counts lists where no message is expected', () => {
    const figures = { messages: 0, expected: 0, isExpectedWhole: true, lists: 40, listsRead: 12 };
    expect(progressLine({ ...line, figures, atWork: [], waits: [], doneAt: null }, 80)).toBe('12/40 lists');
  });
});
