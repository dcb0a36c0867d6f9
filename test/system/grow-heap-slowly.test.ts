import { execFileSync } from 'node:child_process';
import { expect, it } from '@jest/globals';
import { growHeapSlowly, heapGrowthFlag } from '../../src/system/grow-heap-slowly.ts';

it('is for the versions of Node whose V8 is known to have the flag', () => {
  const set: string[] = [];
  for (const version of ['20.20.2', '22.12.0', '24.1.0', '26.0.0']) {
    growHeapSlowly(version, (flag) => set.push(`${version} ${flag}`));
  }
  expect(set).toEqual([`20.20.2 ${heapGrowthFlag}`, `22.12.0 ${heapGrowthFlag}`, `24.1.0 ${heapGrowthFlag}`]);
});

it('sets a flag that V8 has', () => {
  const [name = ''] = heapGrowthFlag.split('=');
  expect(execFileSync(process.execPath, ['--v8-options'], { encoding: 'utf8' })).toContain(`${name} `);
});
