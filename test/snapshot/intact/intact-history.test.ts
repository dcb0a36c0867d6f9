import { truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { DifferenceError } from '../../../src/errors.ts';
import type { Row } from '../../../src/model/column.ts';
import { readArchiveHistory } from '../../../src/snapshot/archive-history.ts';
import { archivedRows } from '../../../src/snapshot/archived-rows.ts';
import { currentTable } from '../../../src/snapshot/current-table.ts';
import { storedMessages } from '../../../src/snapshot/stored-messages.ts';
import { nodeDisk } from '../../../src/system/disk.ts';
import { fixtureRow, publishFixture, type FixtureRun } from '../../support/archives/revised-archive.ts';
import { inTemporaryFolder } from '../../support/disk/temporary-folder.ts';

const message = (id: string, run: number, msg = `${id} as of run ${run}`): Row =>
  fixtureRow('messages', {
    ...{ message_id: id, room_id: 'room', room_name: 'ops', room_type: 'private', ts: new Date(Date.UTC(2024, 0, 1)) },
    ...{ updated_at: new Date(Date.UTC(2024, 0, run)), msg, op: 'upsert', run },
  });

async function withRuns(runs: readonly FixtureRun[], use: (archive: string) => Promise<void>): Promise<void> {
  await inTemporaryFolder(async (folder) => {
    const archive = join(folder, 'archive');
    await publishFixture(nodeDisk, archive, runs);
    await use(archive);
  });
}

async function textsOf(archive: string): Promise<readonly unknown[]> {
  const texts: unknown[] = [];
  for await (const batch of (await currentTable(nodeDisk, archive, 'messages')).rows)
    texts.push(...batch.map(({ msg }) => msg));
  return texts.sort();
}

/** Cuts the file that a run wrote of a format. @returns its path in the archive */
async function cut(archive: string, run: number, format: string): Promise<string> {
  const { files } = await readArchiveHistory(nodeDisk, archive);
  const found = files.find((file) => file.place.run === run && file.format === format && file.rows > 0);
  await truncate(join(archive, found?.path ?? ''), 10);
  return found?.path ?? '';
}

const sinks: FixtureRun['sinks'] = [{ format: 'parquet' }, { format: 'jsonl' }];
const threeRuns: readonly FixtureRun[] = [
  { sinks, tables: { messages: { first: [message('a', 1), message('b', 1)] } } },
  { sinks, tables: { messages: { first: [message('c', 2)], revising: [message('a', 2)] } } },
  { sinks, tables: { messages: { revising: [message('b', 3)] } } },
];

describe('an archive with a damaged file of one format beside another one', () => {
  it('is read whole, by what is intact of each run, and says which files are not', async () => {
    await withRuns(threeRuns, async (archive) => {
      const whole = await textsOf(archive);
      expect(whole).toHaveLength(3);
      const damaged = [await cut(archive, 2, 'parquet'), await cut(archive, 1, 'jsonl')];
      expect(await textsOf(archive)).toEqual(whole);
      expect((await currentTable(nodeDisk, archive, 'messages')).damaged).toEqual([damaged[0]]);
      await cut(archive, 2, 'jsonl');
      await expect(textsOf(archive)).rejects.toThrow(DifferenceError);
    });
  });

  it('tells changes from what it has all the same', async () => {
    await withRuns(threeRuns, async (archive) => {
      const path = await cut(archive, 2, 'parquet');
      const damaged = new Set<string>();
      const wanted = { has: () => true, sinceMs: Number.NEGATIVE_INFINITY };
      const rows = (await archivedRows(nodeDisk, archive, ['messages'], wanted, { damaged })).get('messages');
      expect([...(rows ?? [])].map(([id, { run }]) => `${id}@${run}`).sort()).toEqual(['a@2', 'b@3', 'c@2']);
      expect([...damaged]).toEqual([path]);
      const seen = new Set<string>();
      const stored = await storedMessages(nodeDisk, archive, new Map([['room', 0]]), { damaged: seen });
      expect(stored.get('room')?.size).toBe(3);
      expect([...seen]).toEqual([path]);
    });
  });
});

describe('an archive that got another format after CSV for spreadsheets', () => {
  it('is read by it as soon as a message has been written so: texts are what was sent', async () => {
    const csv = { format: 'csv', excelSafe: true } as const;
    const runs: readonly FixtureRun[] = [
      { sinks: [csv], tables: { messages: { first: [message('a', 1, '=1'), message('b', 1, 'plain')] } } },
      { sinks: [csv, { format: 'parquet' }], tables: { messages: { revising: [message('a', 2, '=1')] } } },
    ];
    await withRuns(runs, async (archive) => expect(await textsOf(archive)).toEqual(['=1', 'plain']));
  });
});
