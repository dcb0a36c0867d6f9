import { describe } from '@jest/globals';
import { unionContract } from '../../support/databases/union-contract.ts';
import { temporaryFolder } from '../../support/disk/temporary-folder.ts';

const inFolder = temporaryFolder();
let places = 0;
const next = (): string => inFolder(`place-${(places += 1)}`);

// The same of each database is in test/services.
describe('several archives, loaded into one file of SQLite', () => {
  unionContract({ archive: next, target: () => Promise.resolve({ kind: 'sqlite', path: next() }) });
});
