import { chmod, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { sqliteBuild, sqliteFailure } from '../../../src/database/sqlite/sqlite-driver.ts';
import { inTemporaryFolder } from '../../support/disk/temporary-folder.ts';

it('makes a database and its journal for the owner alone, with either build, and leaves one that is there as it is', () =>
  inTemporaryFolder(async (folder) => {
    const path = join(folder, 'chat.db');
    const modes: number[] = [];
    const wider: number[] = [];
    const modeOf = async (file: string): Promise<number> => (await stat(file)).mode & 0o777;
    const { open } = await sqliteBuild();
    for (const mode of [undefined, 0o640]) {
      if (mode !== undefined) await chmod(path, mode);
      const database = open(path);
      database.exec('PRAGMA cache_size = 1; BEGIN; CREATE TABLE IF NOT EXISTS t (a); INSERT INTO t VALUES (1)');
      modes.push(await modeOf(path));
      wider.push((await modeOf(`${path}-journal`)) & ~(await modeOf(path)));
      database.exec('COMMIT');
      database.close();
    }
    expect(modes).toEqual([0o600, 0o640]);
    expect(wider).toEqual([0, 0]);
  }));

describe('what went wrong with SQLite', () => {
  it.each(['database or disk is full', 'SQLITE_FULL: database or disk is full', 'disk I/O error'])(
    'is a full disk: %s',
    (message) =>
      expect(sqliteFailure(new Error(message), '/chat.db')).toMatchObject({
        exitCode: 73,
        message: expect.stringContaining('Cannot load to "/chat.db": the disk is full'),
        hint: expect.stringContaining('Make room'),
      }),
  );
});
