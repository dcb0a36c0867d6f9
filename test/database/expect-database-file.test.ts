import { mkdirSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { loadArchive } from '../../src/database/load/load-archive.ts';
import { expectDatabaseFile } from '../../src/database/expect-database-file.ts';
import { sqliteFailure } from '../../src/database/sqlite/sqlite-driver.ts';
import { OutputError, UsageError } from '../../src/errors.ts';
import { nodeDisk } from '../../src/system/disk.ts';
import { publishRows } from '../support/archives/rows-archive.ts';
import { newMessages } from '../support/databases/load-contract.ts';
import { temporaryFolder } from '../support/disk/temporary-folder.ts';
import { here } from '../support/runs/run-here.ts';

const inFolder = temporaryFolder();
const sqliteHeader = Buffer.from(`SQLite format 3\0${'\0'.repeat(84)}`);
const duckDbHeader = Buffer.from(`12345678DUCK${'\0'.repeat(88)}`);

const refusalOf = async (kind: 'sqlite' | 'duckdb', path: string): Promise<unknown> =>
  expectDatabaseFile(nodeDisk, { kind, path }).catch((error: unknown) => error);

describe('a file that a load is pointed at', () => {
  it.each([
    ['sqlite', 'text of no database', /not a database of SQLite/, /new file/],
    ['sqlite', 'a', /not a database of SQLite/, /new file/],
    ['sqlite', duckDbHeader, /is a database of DuckDB/, /duckdb:FILE/],
    ['duckdb', 'text of no database', /not a database of DuckDB/, /new file/],
    ['duckdb', '', /not a database of DuckDB/, /new file/],
    ['duckdb', sqliteHeader, /is a database of SQLite/, /sqlite:FILE/],
  ] as const)('is refused by %s before it is opened: %j', async (kind, bytes, message, hint) => {
    const path = inFolder('file');
    writeFileSync(path, bytes);
    const refusal = await refusalOf(kind, path);
    expect(refusal).toBeInstanceOf(UsageError);
    expect(refusal).toMatchObject({
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
    });
    expect(refusal).toMatchObject({ message: expect.stringContaining(`"${kind}:${path}"`) });
  });

  it('is no folder', async () => {
    mkdirSync(inFolder('folder'));
    expect(await refusalOf('duckdb', inFolder('folder'))).toMatchObject({
      message: expect.stringContaining('it is a folder'),
    });
  });

  it.each([
    ['sqlite', sqliteHeader],
    ['sqlite', ''],
    ['duckdb', duckDbHeader],
  ] as const)('is used when it is one of %s, or becomes one: %j', async (kind, bytes) => {
    const path = inFolder('file');
    writeFileSync(path, bytes);
    expect(await refusalOf(kind, path)).toBeUndefined();
    expect(await refusalOf(kind, inFolder('none'))).toBeUndefined();
  });

  it.each(['sqlite', 'duckdb'] as const)('is no bug of the program when %s cannot read it', async (kind) => {
    const [archive, path] = [inFolder(`archive-${kind}`), inFolder(`text-${kind}`)];
    await publishRows(archive, newMessages(1), [{ format: 'jsonl' }]);
    writeFileSync(path, 'text of no database');
    await expect(loadArchive(archive, { kind, path }, here)).rejects.toThrow(UsageError);
    writeFileSync(path, kind === 'sqlite' ? sqliteHeader : duckDbHeader);
    await expect(loadArchive(archive, { kind, path }, here)).rejects.toThrow(OutputError);
  });

  // What node:sqlite and the build in WebAssembly say.
  it.each(['file is not a database', 'unable to open database file', 'Could not open the database "chat.db"'])(
    'is an error of the output when SQLite says: %s',
    (text) => expect(sqliteFailure(new Error(text), 'chat.db')).toBeInstanceOf(OutputError),
  );
});
