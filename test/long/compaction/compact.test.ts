import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { verifyArchive } from '../../../src/archive/verify/verify.ts';
import { createPrng } from '../../../src/demo/sample/prng.ts';
import { nodeDisk } from '../../../src/system/disk.ts';
import { inTemporaryFolder } from '../../support/disk/temporary-folder.ts';
import type { Fault } from '../../support/disk/fault-disk.ts';
import { expectHealed } from '../../support/archives/expect-healed.ts';
import { publishRows } from '../../support/archives/rows-archive.ts';
import { messages, revised } from '../../support/archives/sample-rows.ts';
import { archiveContents } from '../../support/archives/archive-contents.ts';
import { startVerb } from '../../support/program/built-program.ts';

const faults: readonly Fault[] = ['fails', 'fails-within', 'dies-before', 'dies-within'];

describe('a compaction', () => {
  it.each(
    faults.flatMap((fault) => [
      { fault, power: 'on' as const },
      { fault, power: 'cut' as const },
    ]),
  )(
    'that is cut at any step ($fault, power: $power) is finished by the next, with the same bytes',
    (cuts) => expectHealed({ ...cuts, stride: 1 }),
    180_000,
  );

  it('killed with kill -9 at random moments, over and over, ends with the bytes of an unbroken one', async () => {
    const prng = createPrng(20_260_117);
    await inTemporaryFolder(async (folder) => {
      const before = join(folder, 'before');
      for (let run = 1; run <= 40; run += 1) {
        const content = run % 4 === 0 ? [revised(run, [`m${run - 1}-0`])] : [messages(run, 60)];
        await publishRows(before, content, [{ format: 'csv' }, { format: 'jsonl' }, { format: 'parquet' }]);
      }
      const copy = async (name: string): Promise<string> => {
        await cp(before, join(folder, name), { recursive: true });
        return join(folder, name);
      };
      const unbroken = await copy('unbroken');
      const fromMs = performance.now();
      expect(await startVerb('compact', unbroken).ended).toMatchObject({ code: 0 });
      const wholeMs = performance.now() - fromMs;
      const wanted = await archiveContents(nodeDisk, unbroken);

      const minKills = 16;
      let kills = 0;
      let killsHalfWay = 0;
      for (let attempt = 0; kills < minKills; attempt += 1) {
        const archive = await copy(`attempt-${attempt}`);
        for (let killsHere = 0; ; killsHere += 1) {
          const child = startVerb('compact', archive);
          // The last tenths are where files change places; longer from kill to kill, so that it ends some time.
          const delayMs = wholeMs * (0.5 + 0.5 * prng.next()) * (1 + killsHere / 4);
          const timer = setTimeout(() => child.process.kill('SIGKILL'), delayMs);
          const { code, signal, stderr } = await child.ended;
          clearTimeout(timer);
          const { differences, notes } = await verifyArchive(archive);
          expect(differences).toEqual([]);
          if (signal === null) {
            expect({ code, stderr }).toMatchObject({ code: 0 });
            break;
          }
          kills += 1;
          if (notes.length > 0) killsHalfWay += 1;
        }
        expect(await archiveContents(nodeDisk, archive)).toEqual(wanted);
      }
      // Else it was killed before or after the work only, and has shown little.
      expect(killsHalfWay).toBeGreaterThan(minKills / 4);
    });
  });
});
