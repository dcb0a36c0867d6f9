import { afterAll, beforeAll, describe } from '@jest/globals';
import type { DatabaseTarget } from '../../src/model/run/database-target.ts';
import { loadContract } from '../support/databases/load-contract.ts';
import { startPostgres, type PostgresServer } from '../support/databases/start-postgres.ts';
import { unionContract } from '../support/databases/union-contract.ts';
import { temporaryFolder } from '../support/disk/temporary-folder.ts';

const inFolder = temporaryFolder();
let server: PostgresServer;
let places = 0;

beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

const databases: Readonly<Record<DatabaseTarget['kind'], () => Promise<DatabaseTarget>>> = {
  postgres: async () => ({ kind: 'postgres', url: server.urlOf(await server.createDatabase()) }),
  sqlite: () => Promise.resolve({ kind: 'sqlite', path: inFolder(`database-${(places += 1)}`) }),
  duckdb: () => Promise.resolve({ kind: 'duckdb', path: inFolder(`database-${(places += 1)}`) }),
};

describe.each(['postgres', 'sqlite', 'duckdb'] as const)('what is loaded into %s', (kind) => {
  loadContract({ archive: () => inFolder(`archive-${(places += 1)}`), target: databases[kind] });
});

describe.each(['postgres', 'sqlite', 'duckdb'] as const)('several archives, loaded into %s', (kind) => {
  unionContract({ archive: () => inFolder(`archive-${(places += 1)}`), target: databases[kind] });
});
