import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';

import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { inCopy } from '../../../src/database/sqlite/in-copy.ts';
import { withEngine } from '../../../src/database/with-engine.ts';
import { nodeDisk } from '../../../src/system/disk.ts';
import { temporaryFolder } from '../../support/disk/temporary-folder.ts';
import { here } from '../../support/runs/run-here.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';

const longIt = quickOrLong(it.skip, it);

const inFolder = temporaryFolder();
let places = 0;

/** A folder with a file of SQLite that holds a table of 5 MB, twice what the cache of pages holds. */
async function madeDatabase(): Promise<{ readonly folder: string; readonly path: string }> {
  const folder = inFolder(`place-${(places += 1)}`);
  mkdirSync(folder);
  const path = join(folder, 'chat.db');
  await withEngine({ kind: 'sqlite', path }, here, (engine) =>
    engine.execute(`CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT);
      WITH RECURSIVE n(a) AS (SELECT 1 UNION ALL SELECT a + 1 FROM n WHERE a < 5000)
        INSERT INTO t SELECT a, 'first' || hex(zeroblob(500)) FROM n`),
  );
  return { folder, path };
}

/** Most of it is in the file before it is committed. */
const writeAll = `UPDATE t SET b = replace(b, 'first', 'again')`;

const content = `SELECT count(*) AS "rows", sum(b LIKE 'first%') AS "first" FROM t`;

describe('a load into SQLite that is killed', () => {
  longIt(
    'when pages of its transaction are on the disk already leaves the database as it was, and the next tidies up',
    async () => {
      const { folder, path } = await madeDatabase();
      const killed = `${folder}-killed`;
      await withEngine({ kind: 'sqlite', path }, here, async (engine) => {
        await engine.execute(engine.begin);
        await engine.execute(writeAll);
        cpSync(folder, killed, { recursive: true });
        await engine.execute('ROLLBACK');
      });
      const left = { kind: 'sqlite', path: join(killed, 'chat.db') } as const;
      await withEngine(left, { ...here, isAlive: () => false }, async (engine) => {
        expect(await engine.query(content)).toEqual([{ rows: 5000, first: 5000 }]);
        expect(await engine.query('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
      });
      expect(readdirSync(killed)).toEqual(['chat.db']);
    },
  );

  it('and the one that was not keeps what it wrote', async () => {
    const { folder, path } = await madeDatabase();
    const target = { kind: 'sqlite', path } as const;
    await withEngine(target, here, (engine) => engine.execute(writeAll));
    expect(await withEngine(target, here, (engine) => engine.query(content))).toEqual([{ rows: 5000, first: 0 }]);
    expect(readdirSync(folder)).toEqual(['chat.db']);
  });
});

const header = (counter: number): Buffer => {
  const bytes = Buffer.alloc(100);
  bytes.writeUInt32BE(counter, 24);
  return bytes;
};

/** A file at its first transaction, and a way to work in its copy. */
function filePlace() {
  const folder = inFolder(`place-${(places += 1)}`);
  const own = join(folder, 'chat.db.load');
  mkdirSync(own, { recursive: true });
  const path = join(folder, 'chat.db');
  writeFileSync(path, header(1));
  return { folder, path, own, work: (inner: (copy: string) => Promise<void>) => inCopy(nodeDisk, path, own, inner) };
}

const writesTo =
  (counter: number) =>
  (file: string): Promise<void> => {
    writeFileSync(file, header(counter));
    return Promise.resolve();
  };

describe('a copy that takes the place of its file', () => {
  it('keeps who may read it, and leaves nothing behind', async () => {
    const { path, own, work } = filePlace();
    chmodSync(path, 0o640);
    await work(writesTo(2));
    expect(readFileSync(path)).toEqual(header(2));
    expect(statSync(path).mode & 0o777).toBe(0o640);
    expect(readdirSync(own)).toEqual([]);
  });

  it('does not where nothing was written: whoever has the file open has the newest', async () => {
    const { path, work } = filePlace();
    const before = statSync(path).ino;
    await work(() => Promise.resolve());
    expect(statSync(path).ino).toBe(before);
  });

  it('does for what was committed before the work failed', async () => {
    const { path, work } = filePlace();
    await expect(work((copy) => writesTo(2)(copy).then(() => Promise.reject(new Error('later'))))).rejects.toThrow(
      'later',
    );
    expect(readFileSync(path)).toEqual(header(2));
  });

  it('does not for what was not', async () => {
    const { path, own, work } = filePlace();
    const fail = async (copy: string): Promise<void> => {
      await writesTo(2)(copy);
      writeFileSync(`${copy}-journal`, 'begun');
      throw new Error('rolled back by nobody');
    };
    await expect(work(fail)).rejects.toThrow('by nobody');
    expect(readFileSync(path)).toEqual(header(1));
    expect(readdirSync(own)).toEqual([]);
  });

  it('does not when somebody else has written to the file meanwhile', async () => {
    const { path, work } = filePlace();
    const meanwhile = (copy: string): Promise<void> => writesTo(2)(copy).then(() => writesTo(7)(path));
    await expect(work(meanwhile)).rejects.toMatchObject({ kind: 'stopped' });
    expect(readFileSync(path)).toEqual(header(7));
  });

  it.each(['chat.db-journal', 'chat.db-wal'])('is not made while %s holds a part of the file', async (name) => {
    const { folder, work } = filePlace();
    writeFileSync(join(folder, name), 'begun');
    await expect(work(() => Promise.reject(new Error('not called')))).rejects.toMatchObject({
      kind: 'stopped',
      message: expect.stringContaining(name),
    });
    // As it is left behind by journal_mode=PERSIST.
    writeFileSync(join(folder, name), Buffer.alloc(512));
    await expect(work(writesTo(2))).resolves.toBeUndefined();
  });

  it('is not made while another program of the same build has locked the file', async () => {
    const { path, work } = filePlace();
    mkdirSync(`${path}.lock`);
    await expect(work(writesTo(2))).rejects.toMatchObject({ kind: 'stopped' });
    expect(existsSync(`${path}.lock`)).toBe(true);
  });

  it('is refused for what is no file', async () => {
    const { own } = filePlace();
    await expect(inCopy(nodeDisk, '/dev/null', own, writesTo(2))).rejects.toMatchObject({ kind: 'usage' });
  });
});

it('a link to a file of SQLite stays a link', async () => {
  const { folder, path } = await madeDatabase();
  const link = join(folder, 'link.db');
  symlinkSync(path, link);
  await withEngine({ kind: 'sqlite', path: link }, here, (engine) => engine.execute(`DELETE FROM t WHERE a > 10`));
  expect(lstatSync(link).isSymbolicLink()).toBe(true);
  expect(await withEngine({ kind: 'sqlite', path }, here, (engine) => engine.query(content))).toEqual([
    { rows: 10, first: 10 },
  ]);
});
