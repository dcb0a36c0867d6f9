import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { openSqlite } from '../../../src/database/sqlite/open-sqlite.ts';
import { sqliteBuild } from '../../../src/database/sqlite/sqlite-driver.ts';
import { OutputError } from '../../../src/errors.ts';
import { inTemporaryFolder } from '../../support/disk/temporary-folder.ts';

const column = { name: 'text', type: { kind: 'string' }, nullable: false } as const;

async function* batchOf(rows: number) {
  yield await Promise.resolve(Array.from({ length: rows }, () => ({ text: 'x'.repeat(1000) })));
}

it('says that the disk is full, not that the rollback behind it has no transaction any more', () =>
  inTemporaryFolder(async (folder) => {
    const build = await sqliteBuild();
    const open = (path: string) => {
      const database = build.open(path);
      // SQLite says the same of a database that may not become larger.
      database.exec('PRAGMA max_page_count = 20');
      return database;
    };
    const engine = openSqlite({ ...build, open }, join(folder, 'chat.db'));
    await engine.execute('CREATE TABLE t (text TEXT)');
    await engine.execute(engine.begin);
    await expect(engine.insert('t', [column], batchOf(1000))).rejects.toMatchObject({
      exitCode: 73,
      message: expect.stringContaining('the disk is full'),
      hint: expect.stringContaining('Make room'),
    });
    // Where SQLite has rolled back by itself it rejects, and throws nothing over what it is called for.
    await engine.execute('ROLLBACK').catch(() => undefined);
    await engine.execute('ROLLBACK').catch(() => undefined);
    await engine.close();
  }));

it('says of a database that somebody edited what is wrong with it, and calls that no bug', () =>
  inTemporaryFolder(async (folder) => {
    const engine = openSqlite(await sqliteBuild(), join(folder, 'chat.db'));
    await engine.execute('CREATE TABLE t (text TEXT UNIQUE)');
    const failure = await engine.insert('t', [column], batchOf(2)).catch((error: unknown) => error);
    await engine.close();
    expect(failure).toBeInstanceOf(OutputError);
    expect(failure).toMatchObject({ message: expect.stringContaining('UNIQUE constraint failed: t.text') });
  }));
