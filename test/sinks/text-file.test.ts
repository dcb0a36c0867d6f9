import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { TextFile } from '../../src/sinks/text-file.ts';
import { countingDisk } from '../support/disk/counting-disk.ts';
import { temporaryFolder } from '../support/disk/temporary-folder.ts';

describe('TextFile', () => {
  const pathOf = temporaryFolder();

  it('loses no character where its buffer is full', async () => {
    // Three bytes a character of one UTF-16 unit, four for one of two units: around the buffer of 512 KB.
    const pieces = fc.array(
      fc.record({
        character: fc.constantFrom('a', 'é', '～', '👍'),
        count: fc.constantFrom(1, 1000, 131_071, 131_072, 174_762, 174_763, 300_000),
      }),
      { maxLength: 4 },
    );
    await fc.assert(
      fc.asyncProperty(pieces, async (counts) => {
        const texts = counts.map(({ character, count }) => character.repeat(count));
        const file = await TextFile.open(countingDisk(), pathOf('text'), 'none');
        for (const text of texts) {
          file.text.putText(text);
          await file.flushWhenFull();
        }
        await file.close();
        expect((await readFile(pathOf('text'), 'utf8')) === texts.join('')).toBe(true);
      }),
      { numRuns: 20 },
    );
  });
});
