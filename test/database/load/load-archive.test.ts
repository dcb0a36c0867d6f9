import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { loadArchive } from '../../../src/database/load/load-archive.ts';
import { purgeArchive } from '../../../src/purge/purge-archive.ts';
import { fenced, textOf } from '../../docs/documents.ts';
import { latest } from '../../../src/snapshot/latest.ts';
import { nodeDisk } from '../../../src/system/disk.ts';
import { compactHere } from '../../support/archives/compact-here.ts';
import { fixtureRow, publishFixture } from '../../support/archives/revised-archive.ts';
import { publishRows, rowOf } from '../../support/archives/rows-archive.ts';
import { expectLoaded, runsInDatabase } from '../../support/databases/expect-loaded.ts';
import { changedMessages, newMessages } from '../../support/databases/load-contract.ts';
import { queryDatabase } from '../../support/databases/read-database.ts';
import { temporaryFolder } from '../../support/disk/temporary-folder.ts';
import { here } from '../../support/runs/run-here.ts';
import { withPeople } from '../../support/workspaces/people-workspace.ts';

const inFolder = temporaryFolder();
const sinks = [{ format: 'parquet' }] as const;

// All that holds of each database is in test/services.
describe('what is loaded into a file of SQLite', () => {
  it('is the archive, value for value: edited, deleted, compacted, whenever it was loaded', async () => {
    const archive = inFolder('archive');
    const target = { kind: 'sqlite', path: inFolder('chat.db') } as const;
    await publishRows(archive, newMessages(1), sinks);
    expect(await loadArchive(archive, target, here)).toEqual({ links: 1, rows: 40, replaced: 0, newest: 1 });
    await publishRows(archive, changedMessages(2, 1), sinks);
    await loadArchive(archive, target, here);
    await compactHere(archive, { keeps: 'latest' });
    expect(await loadArchive(archive, target, here)).toMatchObject({ links: 1, newest: 3 });
    await expectLoaded(archive, target, ['messages', 'mentions']);
    expect(await runsInDatabase(target)).toEqual([1, 2, 3]);
    expect(await loadArchive(archive, target, here)).toMatchObject({ links: 0, rows: 0 });
    const query = fenced(textOf('docs/databases.md'), 'sql')[1] ?? '';
    const found = await queryDatabase(target, query.replace('deploy failed', 'edited'));
    expect(found.map(({ text }) => text)).toEqual(['edited']);
  });

  it('keeps no word that was purged, in an index that SQLite before 3.42 (Debian 12) can read', async () => {
    const archive = inFolder('archive of words');
    const path = inFolder('words.db');
    const target = { kind: 'sqlite', path } as const;
    const rows = ['xylophonist alone', 'others stay'].map((text, at) =>
      rowOf('messages', { message_id: `m${at}`, run: 1, text }),
    );
    await publishRows(archive, [{ table: 'messages', rows }], sinks);
    await loadArchive(archive, target, here);
    expect(readFileSync(path).includes('xylophonist')).toBe(true);
    const purged = { kind: 'messages', ids: ['m0'] } as const;
    await purgeArchive(archive, purged, { ...here, reason: 'erasure', by: 'DPO', random: () => 0.5 });
    await loadArchive(archive, target, here);
    expect(readFileSync(path).includes('xylophonist')).toBe(false);
    const index = `SELECT "k", "v" FROM "messages_text_config" WHERE "k" IN ('version', 'secure-delete')`;
    expect(await queryDatabase(target, index)).toEqual([{ k: 'version', v: 4 }]);
    const found = `SELECT rowid FROM "messages_text" WHERE "messages_text" MATCH `;
    expect(await queryDatabase(target, `${found} 'xylophonist'`)).toEqual([]);
    expect((await queryDatabase(target, `${found} 'others'`)).length).toBe(1);
  });
});

describe('an archive whose job dropped what says which rows are current', () => {
  it.each(['run', 'op', 'message_id'])(
    'is refused, as by `latest`, where the view had two versions of a message: %s',
    async (column) => {
      const archive = inFolder(`archive without ${column}`);
      const message = (run: number, text: string) =>
        fixtureRow('messages', { message_id: 'm', room_id: 'r', run, op: 'upsert', text });
      const steps = [{ step: 'dropColumns', settings: { columns: [column] }, dropped: 0 }];
      await publishFixture(nodeDisk, archive, [
        { tables: { messages: { first: [message(1, 'first')] } } },
        { tables: { messages: { revising: [message(2, 'edited')] } }, without: [column], says: { steps } },
      ]);
      await expect(latest(archive)).rejects.toMatchObject({ exitCode: 64 });
      for (const kind of ['sqlite', 'duckdb'] as const) {
        const target = { kind, path: inFolder(`without-${column}.${kind}`) } as const;
        await expect(loadArchive(archive, target, here)).rejects.toMatchObject({
          exitCode: 64,
          message: expect.stringContaining(`"messages"`),
          hint: expect.stringContaining('dropColumns'),
        });
      }
    },
  );

  it('is loaded while nothing has a second version', async () => {
    const archive = inFolder('archive of one version');
    const messages = { first: [fixtureRow('messages', { message_id: 'm', room_id: 'r', run: 1, op: 'upsert' })] };
    const steps = [{ step: 'dropColumns', settings: { columns: ['run'] }, dropped: 0 }];
    await publishFixture(nodeDisk, archive, [{ tables: { messages }, without: ['run'], says: { steps } }]);
    const target = { kind: 'sqlite', path: inFolder('one-version.db') } as const;
    expect(await loadArchive(archive, target, here)).toMatchObject({ rows: 1 });
    expect(await queryDatabase(target, 'SELECT "message_id" FROM "latest_messages"')).toEqual([{ message_id: 'm' }]);
  });

  it('shows each member once after all was read again, not those that nobody can name beside them', async () => {
    await withPeople(async ({ run, latest: current, room, post, archive }) => {
      const dropped = { kind: 'dropColumns', columns: ['user_id'] } as const;
      await run({ transform: { tables: ['messages', 'room_members'], steps: [dropped] } });
      room('ops').memberIds.add('bob');
      post('ops');
      await run({ transform: { tables: ['messages', 'room_members'] }, backfill: true });
      const target = { kind: 'sqlite', path: inFolder('members.db') } as const;
      await loadArchive(archive, target, here);
      const found = await queryDatabase(target, 'SELECT "room_id", "user_id" FROM "latest_room_members"');
      const due = (await current('room_members')).map(({ room_id, user_id }) => ({ room_id, user_id }));
      const inOrder = (rows: readonly unknown[]): readonly string[] => rows.map((row) => JSON.stringify(row)).sort();
      expect(inOrder(found)).toEqual(inOrder(due));
    });
  });
});
