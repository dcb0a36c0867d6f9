import { chmod, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { openDuckDb } from '../../../src/database/duckdb/open-duckdb.ts';
import { inTemporaryFolder } from '../../support/disk/temporary-folder.ts';

it('makes a database that its owner alone may read, and leaves one that is there as it is', () =>
  inTemporaryFolder(async (folder) => {
    const path = join(folder, 'chat.duckdb');
    const modes: number[] = [];
    for (const mode of [undefined, 0o640]) {
      if (mode !== undefined) await chmod(path, mode);
      const engine = await openDuckDb(path);
      await engine.close();
      modes.push((await stat(path)).mode & 0o777);
    }
    expect(modes).toEqual([0o600, 0o640]);
  }));

it('lets nobody else read what it logs of a transaction, to which the rows are written before the database', () =>
  inTemporaryFolder(async (folder) => {
    const path = join(folder, 'chat.duckdb');
    const log = `${path}.wal`;
    const modes: (readonly number[])[] = [];
    const modeOf = async (file: string): Promise<number> => (await stat(file)).mode & 0o777;
    for (const mode of [0o600, 0o640]) {
      const engine = await openDuckDb(path);
      await chmod(path, mode);
      for (const statement of ['BEGIN', 'CREATE OR REPLACE TABLE t (a VARCHAR)', `INSERT INTO t VALUES ('secret')`])
        await engine.execute(statement);
      await engine.execute('COMMIT');
      modes.push([await modeOf(path), await modeOf(log)]);
      // It is gone after this, and made anew.
      await engine.execute('CHECKPOINT');
      await engine.execute(`INSERT INTO t VALUES ('again')`);
      modes.push([await modeOf(path), await modeOf(log)]);
      await engine.close();
    }
    expect(modes).toEqual([0o600, 0o600, 0o640, 0o640].map((mode) => [mode, mode]));
  }));

it('leaves no log behind where nothing was written, and takes that of a killed process from the eyes of others', () =>
  inTemporaryFolder(async (folder) => {
    const path = join(folder, 'chat.duckdb');
    const log = `${path}.wal`;
    await (await openDuckDb(path)).close();
    await writeFile(log, '', { mode: 0o644 });
    const engine = await openDuckDb(path);
    await engine.execute('BEGIN');
    await engine.execute('COMMIT');
    await engine.close();
    await expect(stat(log)).rejects.toMatchObject({ code: 'ENOENT' });
  }));
