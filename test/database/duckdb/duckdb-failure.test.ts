import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { duckDbFailure } from '../../../src/database/duckdb/duckdb-failure.ts';
import { openDuckDb } from '../../../src/database/duckdb/open-duckdb.ts';
import { inTemporaryFolder } from '../../support/disk/temporary-folder.ts';

describe('what went wrong with DuckDB', () => {
  it.each([
    'TransactionContext Error: Failed to commit: Could not write file "/full/a.duckdb.wal": No space left on device',
    'IO Error: Could not write file "/full/a.duckdb": Disk quota exceeded',
  ])('is a full disk: %s', (message) =>
    expect(duckDbFailure(new Error(message), '/full/a.duckdb')).toMatchObject({
      exitCode: 73,
      message: 'Cannot load to "/full/a.duckdb": the disk is full',
      hint: expect.stringContaining('Make room'),
    }),
  );

  it('is said of a database that somebody edited, and called no bug', () =>
    inTemporaryFolder(async (folder) => {
      const engine = await openDuckDb(join(folder, 'chat.duckdb'));
      const failing = [
        () => engine.execute('INSERT INTO messages VALUES (1)'),
        () => engine.query('SELECT * FROM messages'),
        () => engine.replaceView('latest_messages', 'SELECT * FROM messages', ['run']),
      ];
      for (const fail of failing) {
        await expect(fail()).rejects.toMatchObject({
          exitCode: 73,
          message: expect.stringMatching(
            /"[^"]*chat\.duckdb": Catalog Error: Table with name messages does not exist!$/,
          ),
        });
      }
      await engine.close();
    }));

  it('leaves alone what is not of DuckDB', () => {
    const bug = new TypeError('rows is not iterable');
    expect(duckDbFailure(bug, '/a.duckdb')).toBe(bug);
  });
});
