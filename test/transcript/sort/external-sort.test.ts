import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ExternalSort } from '../../../src/transcript/sort/external-sort.ts';
import { MemoryDisk } from '../../support/disk/memory-disk.ts';

const line = fc.string({ unit: fc.constantFrom('a', 'b', 'é', '会', '\uffee', '🎉', '\t', ' '), maxLength: 12 });

it('sorts by the bytes of UTF-8 what fits the memory and what does not, as often as it is asked', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 200 }), fc.integer({ min: 1, max: 400 }), async (lines, mostBytes) => {
      const sort = new ExternalSort(new MemoryDisk(), '/sort', mostBytes);
      for (const one of lines) await sort.add(one);
      for (let time = 0; time < 2; time++) {
        const sorted: string[] = [];
        for await (const one of sort.sorted()) sorted.push(one);
        expect(sorted).toEqual(lines.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
      }
    }),
  );
});
