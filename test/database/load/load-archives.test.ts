import { describe, it } from '@jest/globals';
import { unionContract } from '../../support/databases/union-contract.ts';
import { temporaryFolder } from '../../support/disk/temporary-folder.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';

const inFolder = temporaryFolder();
let places = 0;
const next = (): string => inFolder(`place-${(places += 1)}`);

// The same of each database is in test/services.
describe('several archives, loaded into one file of SQLite', () => {
  const target = () => Promise.resolve({ kind: 'sqlite', path: next() } as const);
  // What a purge took out leaves one archive's database in load-archive.test.ts.
  unionContract({ archive: next, target }, quickOrLong(it.skip, it));
});
