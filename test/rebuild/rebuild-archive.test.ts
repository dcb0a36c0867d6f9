import { readFile, readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { hashFile } from '../../src/archive/hash-file.ts';
import { walkFiles } from '../../src/archive/walk-files.ts';
import type { Job } from '../../src/job/job.ts';
import type { TableName } from '../../src/model/table-name.ts';
import { purgeArchive } from '../../src/purge/purge-archive.ts';
import { rebuildArchive } from '../../src/rebuild/rebuild-archive.ts';
import { readArchiveHistory } from '../../src/snapshot/archive-history.ts';
import { nodeDisk } from '../../src/system/disk.ts';
import { compactHere } from '../support/archives/compact-here.ts';
import { faultDisk } from '../support/disk/fault-disk.ts';
import { quickOrLong } from '../support/quick-or-long.ts';
import { withArchive } from '../support/disk/temporary-folder.ts';
import { withChangingArchive, type ChangingArchive } from '../support/runs/changing-archive.ts';
import { newProcess } from '../support/runs/new-process.ts';
import { liveADay, runAtNight } from '../support/runs/ten-nights.ts';
import { fileMessage } from '../support/workspaces/file-workspace.ts';
import { smallStartMs } from '../support/workspaces/small-workspace.ts';

const longIt = quickOrLong(it.skip, it);

const key = 'a key that nobody may know';
const steps = [{ kind: 'pseudonymize', key }] as const;
const early: readonly TableName[] = ['messages', 'mentions', 'reactions', 'rooms', 'users', 'room_members'];
const later: readonly TableName[] = [...early, 'attachments', 'links', 'message_versions'];

interface Nights {
  readonly archive: ChangingArchive;
  readonly job: Job;
  /** Lives a day and runs the job at its night. */
  readonly night: (fields?: Partial<Job>) => Promise<unknown>;
  readonly output: string;
}

/** Nights of edits, reactions and deletions, kept in an archive of their own. */
async function withNights(fields: Partial<Job>, use: (nights: Nights) => Promise<void>): Promise<void> {
  const nights = async (archive: ChangingArchive): Promise<void> => {
    await withArchive(async (folder) => {
      const job: Job = { ...archive.job(), output: join(folder, 'archive'), raw: 'keep', ...fields };
      let day = 0;
      const night = (more: Partial<Job> = {}): Promise<unknown> => {
        day += 1;
        liveADay(archive, day);
        return runAtNight({ ...job, ...more }, day);
      };
      await use({ archive, job, night, output: join(folder, 'rebuilt') });
    });
  };
  await withChangingArchive('8.0.0', {}, nights, undefined, false);
}

/** SHA-256 by path of all files of tables. */
async function tablesIn(folder: string): Promise<Readonly<Record<string, string>>> {
  const hashes: Record<string, string> = {};
  for await (const { name, path } of walkFiles(nodeDisk, folder)) {
    if (!name.startsWith('_')) hashes[name] = await hashFile(nodeDisk, path);
  }
  return hashes;
}

async function removeTables(archive: string): Promise<void> {
  for (const name of await readdir(archive)) {
    if (!name.startsWith('_')) await rm(join(archive, name), { recursive: true });
  }
}

describe('a rebuild', () => {
  it('makes all tables of all runs again, byte for byte, from kept responses alone', async () => {
    const fields = { transform: { tables: early, steps }, attachments: {}, partition: 'month' } as const;
    await withNights(fields, async ({ archive, job, night, output }) => {
      const roomId = archive.room().id;
      archive.postTo(archive.room(), 'with-file', 900, fileMessage(roomId, 0, { id: 'lost' }).document());
      for (let at = 0; at < quickOrLong(1, 2); at += 1) await night();
      const more = {
        transform: { tables: later, steps },
        sinks: [
          { format: 'jsonl', compression: 'gzip' },
          { format: 'parquet' },
          ...quickOrLong<Job['sinks']>([], [{ format: 'csv' }]),
        ],
      } as const;
      for (let at = 0; at < quickOrLong(1, 2); at += 1) await night(more);
      const before = await tablesIn(job.output);
      const tables = new Set(Object.keys(before).map((path) => path.split('/')[0]));
      expect([...tables].toSorted()).toEqual([...later, 'files'].toSorted());
      await removeTables(job.output);

      const rebuilt = await rebuildArchive(job.output, output, { jobs: [job] });
      expect(await tablesIn(output)).toEqual(before);
      expect(rebuilt).toMatchObject({
        runs: quickOrLong(2, 4),
        equal: Object.keys(before).length,
        purged: [],
        differences: [],
      });
      expect((await readdir(output)).filter((name) => name.startsWith('_'))).toEqual([]);
    });
  });

  longIt('makes again what a compaction has rewritten, and a format that was completed from it', async () => {
    await withNights({ transform: { tables: ['messages', 'mentions'] } }, async ({ job, night, output }) => {
      await night();
      await night();
      const before = await tablesIn(job.output);
      await compactHere(job.output);
      await night({ sinks: [{ format: 'csv' }, { format: 'jsonl' }] });
      const rebuilt = await rebuildArchive(job.output, output);
      expect(await tablesIn(output)).toMatchObject(before);
      expect(rebuilt).toMatchObject({ runs: 3, purged: [], differences: [] });
      expect(rebuilt.equal + rebuilt.copied.length).toBe(rebuilt.files);
    });
  });

  it('leaves out what was purged since, and says which files it cannot compare for that', async () => {
    await withNights({ transform: { tables: ['messages', 'mentions', 'users'] } }, async ({ job, night, output }) => {
      await night();
      await night();
      await purgeArchive(
        job.output,
        { kind: 'messages', ids: ['ops-2', 'day-1-a'] },
        { ...newProcess(), reason: 'r', by: 'b' },
      );
      await night();
      const rebuilt = await rebuildArchive(job.output, output);
      expect(rebuilt.differences).toEqual([]);
      expect(rebuilt.purged).toContain('messages/run-000001-0001.jsonl');
      const after = Object.entries(await tablesIn(job.output)).filter(([path]) => path.includes('run-000004'));
      expect(after.length).toBeGreaterThan(1);
      expect(await tablesIn(output)).toMatchObject(Object.fromEntries(after));
      const { files } = await readArchiveHistory(nodeDisk, job.output);
      const left = files.filter(({ table }) => table === 'messages').reduce((sum, { rows }) => sum + rows, 0);
      expect(rebuilt.formats['messages']).toEqual({ jsonl: left });
    });
  });

  it('counts each file once, and apart those of which a purge or another cut has left none', async () => {
    const fields = { transform: { tables: ['messages'] }, rowsPerFile: 2 } as const;
    await withNights(fields, async ({ job, night, output }) => {
      await night();
      await compactHere(job.output, { rowsPerFile: 1_000 });
      await night({ rowsPerFile: 3, sinks: [{ format: 'csv' }, { format: 'jsonl' }] });
      const beforeMs = smallStartMs + 1_000_000_000;
      await purgeArchive(job.output, { kind: 'before', beforeMs }, { ...newProcess(), reason: 'r', by: 'b' });
      const { files, equal, purged, copied, unmade, differences } = await rebuildArchive(job.output, output);
      expect(differences).toEqual([]);
      expect(equal + purged.length + copied.length).toBe(files);
      expect(Object.keys(await tablesIn(output))).toHaveLength(files);
      expect(unmade.length).toBeGreaterThan(1);
      expect(unmade.filter((path) => purged.includes(path) || copied.includes(path))).toEqual([]);
    });
  });

  longIt('knows the rows of a run again behind earlier ones that a compaction had left in fewer files', async () => {
    const fields = { transform: { tables: ['messages'] }, rowsPerFile: 2 } as const;
    await withNights(fields, async ({ archive, job, night, output }) => {
      await night();
      for (let at = 0; at < 9; at += 1) archive.remove(`ops-${at + 5}`, 700 + at);
      await night();
      await compactHere(job.output, { keeps: 'latest' });
      await night({ sinks: [{ format: 'csv' }, { format: 'jsonl' }] });
      const { differences, copied, unmade, equal, files } = await rebuildArchive(job.output, output);
      expect(differences).toEqual([]);
      expect(copied.length).toBeGreaterThan(unmade.length);
      expect(equal + copied.length).toBe(files);
    });
  });

  it('makes the table of files again where attachments began after a compaction had taken out who showed some', async () => {
    await withNights({ transform: { tables: ['messages'] } }, async ({ archive, job, night, output }) => {
      const room = archive.room();
      for (const [at, id] of ['deleted', 'edited', 'there'].entries()) {
        const { msg, file, files, attachments } = fileMessage(room.id, at, { id: `file-${id}` }).document();
        archive.postTo(room, id, 600 + at, { msg, file, files, attachments });
      }
      await night();
      archive.remove('deleted', 700);
      archive.edit('edited', 701, { attachments: [], file: undefined, files: undefined, msg: 'without' });
      await night();
      await compactHere(job.output, { keeps: 'latest' });
      await night({ attachments: { avatars: true } });
      const files = await readFile(join(job.output, 'files/run-000004-0001.jsonl'), 'utf8');
      expect(files).toContain('file-there');
      expect(files).not.toMatch(/file-deleted|file-edited/);
      const { differences } = await rebuildArchive(job.output, output);
      expect(differences).toEqual([]);
    });
  });

  longIt(
    'lists avatars of earlier senders as the run did, though a purge had moved the rows that show them',
    async () => {
      await withNights({ transform: { tables: ['messages'] } }, async ({ archive, job, night, output }) => {
        archive.post('by-first', 600, { u: { _id: 'first', username: 'first', name: 'First' } });
        await night();
        archive.post('by-second', 1_600, { u: { _id: 'a-second', username: 'second', name: 'Second' } });
        await night();
        await purgeArchive(job.output, { kind: 'messages', ids: ['ops-2'] }, { ...newProcess(), reason: 'r', by: 'b' });
        await night({ attachments: { avatars: true } });
        const { differences } = await rebuildArchive(job.output, output);
        expect(differences).toEqual([]);
      });
    },
  );

  longIt('makes no row of a person who was purged from the lists of users and of members', async () => {
    await withNights(
      { transform: { tables: ['messages', 'users', 'room_members'] } },
      async ({ job, night, output }) => {
        await night();
        await night();
        const lines = await readFile(join(job.output, 'users/run-000001-0001.jsonl'), 'utf8');
        const { username } = JSON.parse(lines.split('\n')[0] ?? '') as { username: string };
        const target = { kind: 'user', name: username } as const;
        await purgeArchive(job.output, target, { ...newProcess(), reason: 'r', by: 'b' });
        const rebuilt = await rebuildArchive(job.output, output);
        expect(rebuilt.differences).toEqual([]);
        expect(rebuilt.purged).toContain('users/run-000001-0001.jsonl');
        expect(await readFile(join(output, 'users/run-000001-0001.jsonl'), 'utf8')).not.toContain(username);
        // Missing in the lists of the first run, nobody has left by the second.
        expect(Object.keys(await tablesIn(output))).not.toContain('users/run-000002-0001.jsonl');
      },
    );
  });

  it.each(quickOrLong(['dies-within'] as const, ['fails-within', 'dies-within'] as const))(
    'that is cut at any step (%s) leaves nothing to be believed',
    async (fault) => {
      await withNights({ transform: { tables: ['messages', 'rooms'] } }, async ({ job, night, output }) => {
        await night();
        await night();
        const counting = faultDisk(nodeDisk, fault, Infinity);
        await rebuildArchive(job.output, `${output}-whole`, { disk: counting.disk });
        for (let step = 1; step <= counting.steps(); step += quickOrLong(45, 1)) {
          const { disk } = faultDisk(nodeDisk, fault, step);
          const isDone = await rebuildArchive(job.output, output, { disk }).then(
            () => true,
            () => false,
          );
          const left = await readdir(dirname(output));
          // Removing its own leftovers may fail as well; they never have the name that was asked for.
          expect(left.includes('rebuilt')).toBe(isDone);
          if (fault === 'fails-within') expect(left.filter((name) => name.endsWith('.tmp'))).toEqual([]);
          if (isDone) expect(await tablesIn(output)).toEqual(await tablesIn(`${output}-whole`));
          for (const name of left.filter((one) => one.startsWith('rebuilt') && one !== 'rebuilt-whole')) {
            await rm(join(dirname(output), name), { recursive: true });
          }
        }
      });
    },
  );
});
