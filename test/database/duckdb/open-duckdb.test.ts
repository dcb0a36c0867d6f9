import { chmod, stat } from 'node:fs/promises';
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
