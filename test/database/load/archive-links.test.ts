import { describe, expect, it } from '@jest/globals';
import { nextLoadStep, type ArchiveLink } from '../../../src/database/load/archive-links.ts';

/** `x` an export, `c` a compaction or purge, `s` a link without rows. */
const chain = (kinds: string): readonly ArchiveLink[] =>
  Array.from(kinds, (kind, at) => ({
    ...{ run: at + 1, kind, sha256: '', finishedAt: '', isRewrite: kind === 'c', dropped: [] },
  }));
const steps = (kinds: string, loaded: number): string => {
  const links = chain(kinds);
  const shown: string[] = [];
  for (let at = loaded; ;) {
    const step = nextLoadStep(links, at);
    if (step === undefined) return shown.join(' ');
    at += step.links.length;
    shown.push(step.links.map(({ kind }) => kind).join('') + (step.isMerged ? '!' : ''));
  }
};

describe('the links that one transaction loads', () => {
  it.each([
    ['xxx', 0, 'x x x'],
    ['xxx', 3, ''],
    ['xsx', 1, 's x'],
    ['xxcx', 0, 'xxc! x'],
    ['xxcxcx', 1, 'xcxc! x'],
    ['xxc', 2, 'c!'],
    ['xxcx', 3, 'x'],
  ])('of %s behind %i: %s', (kinds, loaded, expected) => expect(steps(kinds, loaded)).toBe(expected));
});
