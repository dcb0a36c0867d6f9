import { describe, expect, it } from '@jest/globals';
import type { Job } from '../../../src/job/job.ts';
import { shippedJob } from '../../support/program/shipped-job.ts';
import { timeOf, withChangingArchive, type ChangingArchive } from '../../support/runs/changing-archive.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';

const longIt = quickOrLong(it.skip, it);

/** More than a `lookback` behind the first edits: a room is compared again. */
const later = 12_000 + 8 * 86_400;

const transform: Job['transform'] = { tables: ['messages', 'message_versions'] };

/** Message_KeepHistory: the clone has the `ts` of its message. Source: Messages.cloneAndSaveAsHistoryByRecord */
function edit(archive: ChangingArchive, second: number, at: number): void {
  const id = `ops-${second}`;
  const before = archive.room().find(id)?.document();
  archive.post(`clone-of-${second}`, second, {
    ...before,
    ...{ _id: `clone-of-${second}`, _hidden: true, parent: id, _updatedAt: timeOf(at) },
  });
  archive.edit(id, at, { msg: 'as it is', editedAt: timeOf(at) });
  // An edit further up leaves no trace in the room list.
  archive.post(`ops-after-${second}`, at + 1);
}

/** A run that read the first messages, and one later than what the next walk reads once more for those that come late. */
async function withOldMessages(
  version: string,
  tables: Job['transform'],
  use: (archive: ChangingArchive) => Promise<void>,
): Promise<void> {
  await withChangingArchive(version, { transform: tables }, async (archive) => {
    archive.post('ops-late', 10_000);
    await archive.run(10_100);
    await use(archive);
  });
}

/** Ids of the versions that each of some runs wrote. */
async function versionsOf(
  archive: ChangingArchive,
  times: readonly number[],
): Promise<readonly (readonly unknown[])[]> {
  const written: (readonly unknown[])[] = [];
  for (const at of times) {
    const rows = await archive.rows(await archive.run(at), 'message_versions');
    written.push(rows.map(({ version_id }) => version_id));
  }
  return written;
}

describe('what the server keeps of messages that are edited after the run that read them', () => {
  it('comes into message_versions when the room is read again, for its list is longer than is known', async () => {
    await withOldMessages('7.5', transform, async (archive) => {
      edit(archive, 3, 12_000);
      const miscounted = await archive.run(12_100);
      expect(await archive.rows(miscounted)).toMatchObject([
        { message_id: 'ops-after-3' },
        { message_id: 'ops-3', msg: 'as it is' },
      ]);
      expect(await archive.rows(miscounted, 'message_versions')).toEqual([]);

      const compared = await archive.run(12_200);
      expect(await archive.rows(compared)).toEqual([]);
      expect(await archive.rows(compared, 'message_versions')).toMatchObject([
        { version_id: 'clone-of-3', message_id: 'ops-3', msg: 'message 3', run: 4, op: 'upsert' },
      ]);
      expect(await versionsOf(archive, [12_300, 12_400])).toEqual([[], []]);
    });
  });

  longIt('comes again no more, however often the room is read, and the next one does', async () => {
    await withOldMessages('7.0', transform, async (archive) => {
      edit(archive, 3, 12_000);
      expect(await versionsOf(archive, [12_100, 12_200, 12_300])).toEqual([[], ['clone-of-3'], []]);
      edit(archive, 4, later);
      expect(await versionsOf(archive, [later + 100, later + 200, later + 300])).toEqual([[], ['clone-of-4'], []]);
    });
  });

  longIt('comes once where the walk meets it, too', async () => {
    await withOldMessages('7.0', transform, async (archive) => {
      archive.post('ops-40', 12_000);
      archive.post('clone-of-40', 12_000, { _hidden: true, parent: 'ops-40' });
      expect(await versionsOf(archive, [12_100, 12_200])).toEqual([['clone-of-40'], []]);
    });
  });

  longIt('has the text of a deleted message, which is hidden itself', async () => {
    await withOldMessages('7.0', transform, async (archive) => {
      archive.edit('ops-5', 12_000, { _hidden: true });
      // The list is as long as it was: what shows is the clone of another message.
      edit(archive, 3, 12_000);
      await archive.run(12_100);
      const manifest = await archive.run(12_200);
      expect(await archive.rows(manifest)).toMatchObject([{ message_id: 'ops-5', op: 'delete' }]);
      expect(await archive.rows(manifest, 'message_versions')).toMatchObject([
        { version_id: 'clone-of-3' },
        { version_id: 'ops-5', message_id: null, msg: 'message 5' },
      ]);
    });
  });

  it('is kept by the shipped compliance.yaml: an edit leaves the earlier text in its tables, not in _raw only', async () => {
    const { job: shipped } = await shippedJob('compliance.yaml');
    await withOldMessages('7.0', shipped.transform, async (archive) => {
      edit(archive, 3, 12_000);
      await archive.run(12_100);
      const manifest = await archive.run(12_200);
      expect(await archive.rows(manifest, 'message_versions')).toMatchObject([
        { message_id: 'ops-3', msg: 'message 3' },
      ]);
    });
  });

  longIt('is nothing where the job makes no such table', async () => {
    await withOldMessages('7.0', { tables: ['messages'] }, async (archive) => {
      edit(archive, 3, 12_000);
      expect(Object.keys((await archive.run(12_100)).tables)).toEqual(['messages']);
    });
  });

  longIt('is not shown by servers since 8.0, and nobody takes the edit for anything else', async () => {
    await withOldMessages('8.0', transform, async (archive) => {
      edit(archive, 3, 12_000);
      expect((await archive.run(12_100)).tables).toEqual({ messages: 2, message_versions: 0 });
      expect((await archive.run(12_200)).tables).toEqual({ messages: 0, message_versions: 0 });
    });
  });
});
