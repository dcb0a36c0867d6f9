import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { verifyArchive } from '../../../src/archive/verify/verify.ts';
import { DifferenceError } from '../../../src/errors.ts';
import { nodeDisk } from '../../../src/system/disk.ts';
import { messageHistory } from '../../../src/transcript/message-history.ts';
import { compactHere } from '../../support/archives/compact-here.ts';
import { publishFixture, type FixtureRun } from '../../support/archives/revised-archive.ts';
import { inTemporaryFolder } from '../../support/disk/temporary-folder.ts';
import { messageFixture as message } from '../../support/transcripts/message-fixture.ts';

const odd = 'an "odd"\nid';
const runs: readonly FixtureRun[] = [
  { tables: { messages: { first: [message('a'), message('b'), message('gone')] } } },
  { tables: { messages: { first: [message(odd, { run: 2 })] } } },
  {
    tables: {
      messages: { revising: [message('a', { run: 3, msg: 'edited' }), message('gone', { op: 'delete', run: 3 })] },
    },
  },
];
const later: FixtureRun = {
  tables: { messages: { first: [message('late', { run: 5 })], revising: [message('b', { run: 5, msg: 'edited' })] } },
};

async function numberOf(archive: string, id: string): Promise<number | undefined> {
  return (await messageHistory(archive, id))?.number;
}

describe('the numbers of messages', () => {
  it('stay when a compaction takes the rows out from which they followed, and go on behind those of what is gone', () =>
    inTemporaryFolder(async (folder) => {
      const archive = join(folder, 'archive');
      await publishFixture(nodeDisk, archive, runs);
      expect(await Promise.all(['a', 'b', 'gone', odd].map((id) => numberOf(archive, id)))).toEqual([1, 2, 3, 4]);
      const compaction = await compactHere(archive, { keeps: 'latest' });
      expect(compaction).toMatchObject({
        manifest: { dropped: { messages: 3 }, numbers: { path: expect.any(String) } },
      });
      expect(await readFile(join(archive, '_numbers/run-000004.jsonl'), 'utf8')).toBe(
        '"a"\n"b"\n"gone"\n"an \\"odd\\"\\nid"\n',
      );
      expect(await Promise.all(['a', 'b', odd].map((id) => numberOf(archive, id)))).toEqual([1, 2, 4]);

      await publishFixture(nodeDisk, archive, [later], 4);
      await compactHere(archive, { keeps: 'latest' });
      expect(await readFile(join(archive, '_numbers/run-000006.jsonl'), 'utf8')).toBe('"late"\n');
      expect(await Promise.all(['a', 'b', odd, 'late'].map((id) => numberOf(archive, id)))).toEqual([1, 2, 4, 5]);
      const { differences, runs: count } = await verifyArchive(archive);
      expect({ differences, count }).toEqual({ differences: [], count: 6 });
    }));

  it('are not written down where all rows stay', () =>
    inTemporaryFolder(async (folder) => {
      const archive = join(folder, 'archive');
      await publishFixture(nodeDisk, archive, runs);
      await compactHere(archive);
      expect(await nodeDisk.list(join(archive, '_numbers'))).toBeUndefined();
      expect(await Promise.all(['a', 'b', odd].map((id) => numberOf(archive, id)))).toEqual([1, 2, 4]);
    }));

  it('are a difference when somebody changes them', () =>
    inTemporaryFolder(async (folder) => {
      const archive = join(folder, 'archive');
      await publishFixture(nodeDisk, archive, runs);
      await compactHere(archive, { keeps: 'latest' });
      const path = join(archive, '_numbers/run-000004.jsonl');
      await writeFile(path, (await readFile(path, 'utf8')).replace('"b"', '"c"'));
      await expect(numberOf(archive, 'b')).rejects.toThrow(DifferenceError);
      const { differences } = await verifyArchive(archive);
      expect(differences.map((one) => [one.path, one.problem])).toEqual([['_numbers/run-000004.jsonl', 'sha256']]);
    }));
});
