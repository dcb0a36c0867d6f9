import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { nodeDisk } from '../../../src/system/disk.ts';
import { LoopTurns } from '../../../src/system/disk/loop-turns.ts';
import { inTemporaryFolder } from '../../support/disk/temporary-folder.ts';

it('gives the event loop a turn when the last one is long ago, and at no other time', async () => {
  let nowMs = 0;
  const turns = new LoopTurns(() => nowMs);
  const given: number[] = [];
  for (; nowMs <= 200; nowMs += 10) {
    const seen: number[] = [];
    setImmediate(() => seen.push(nowMs));
    await turns.give();
    given.push(...seen);
  }
  expect(given).toEqual([50, 100, 150, 200]);
});

it.each<[string, (folder: string) => Promise<unknown>]>([
  ['written', async (folder) => (await nodeDisk.open(join(folder, 'a'), 'append')).close()],
  ['listed', (folder) => nodeDisk.list(folder)],
])('many files that are %s in a row stop no signal and no timer (regression: Ctrl-C did nothing)', (_, work) =>
  inTemporaryFolder(async (folder) => {
    const fired: string[] = [];
    setTimeout(() => fired.push('timer'), 1);
    for (let left = 200_000; left > 0 && fired.length === 0; left--) await work(folder);
    expect(fired).toEqual(['timer']);
  }),
);
