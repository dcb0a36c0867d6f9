import callbacks, { fstatSync } from 'node:fs';
import fs, { chmod, link, lstat, mkdir, readFile, readdir, stat, symlink, writeFile } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { inRealFolders } from '../../src/archive/lock/real-folders.ts';
import { asRefusal, attempt } from '../../src/system/disk-errors.ts';
import { nodeDisk, replaceFile, type Disk } from '../../src/system/disk.ts';
import { OutputError } from '../../src/errors.ts';
import { inTemporaryFolder } from '../support/disk/temporary-folder.ts';

const modeOf = async (path: string): Promise<number> => (await stat(path)).mode & 0o777;

async function write(disk: Disk, path: string, mode: 'truncate' | 'append', text: string): Promise<void> {
  const file = await disk.open(path, mode);
  await file.write(Buffer.from(text));
  await file.close();
}

describe('a planted file', () => {
  it.each(['symlink', 'hard link'])(
    'of a name ending in .tmp that is a %s: what it leads to stays as it is',
    async (kind) => {
      await inTemporaryFolder(async (folder) => {
        const victim = join(folder, 'victim');
        await writeFile(victim, 'precious');
        await (kind === 'symlink' ? symlink : link)(victim, join(folder, '_state.json.tmp'));
        await replaceFile(nodeDisk, join(folder, '_state.json'), 'new');
        expect(await readFile(victim, 'utf8')).toBe('precious');
        expect(await readFile(join(folder, '_state.json'), 'utf8')).toBe('new');
        expect((await lstat(join(folder, '_state.json'))).isFile()).toBe(true);
      });
    },
  );

  it('that all may read becomes the owner’s alone before anything is written to it', async () => {
    await inTemporaryFolder(async (folder) => {
      const path = join(folder, 'part');
      await writeFile(path, '');
      await chmod(path, 0o666);
      await write(nodeDisk, path, 'truncate', 'anew');
      expect(await modeOf(path)).toBe(0o600);
      await chmod(path, 0o644);
      await write(nodeDisk, path, 'append', ' and more');
      expect(await modeOf(path)).toBe(0o600);
      expect(await readFile(path, 'utf8')).toBe('anew and more');
    });
  });

  it('that is a symlink in place of a journal is not written to, with a hint', async () => {
    await inTemporaryFolder(async (folder) => {
      const victim = join(folder, 'victim');
      await writeFile(victim, 'precious');
      await symlink(victim, join(folder, 'a.pages'));
      for (const refused of [
        nodeDisk.open(join(folder, 'a.pages'), 'append'),
        nodeDisk.truncate(join(folder, 'a.pages'), 0),
      ]) {
        await expect(refused).rejects.toBeInstanceOf(OutputError);
        await expect(refused).rejects.toMatchObject({ hint: expect.stringContaining('symbolic link') });
      }
      expect(await readFile(victim, 'utf8')).toBe('precious');
    });
  });
});

describe('a planted folder', () => {
  it.each(['_work', '_work/parts', 'messages', 'messages/month=2024-01', '_manifest'])(
    'that is a symlink, %s: nothing is made, written, moved or removed behind it',
    async (name) => {
      await inTemporaryFolder(async (folder) => {
        const [archive, elsewhere] = [join(folder, 'archive'), join(folder, 'elsewhere')];
        const planted = join(archive, name);
        await mkdir(elsewhere);
        await writeFile(join(elsewhere, 'precious'), 'precious');
        await mkdir(join(planted, '..'), { recursive: true });
        await symlink(elsewhere, planted);
        await writeFile(join(archive, 'file'), 'x');
        const disk = inRealFolders(nodeDisk, archive);
        for (const change of [
          () => disk.makeFolder(planted),
          () => disk.makeFolder(join(planted, 'below')),
          () => disk.open(join(planted, 'new'), 'truncate'),
          () => disk.open(join(planted, 'precious'), 'append'),
          () => disk.truncate(join(planted, 'precious'), 0),
          () => disk.rename(join(archive, 'file'), join(planted, 'file')),
          () => disk.rename(join(planted, 'precious'), join(archive, 'taken')),
          () => disk.link(join(archive, 'file'), join(planted, 'file')),
          () => disk.remove(join(planted, 'precious')),
        ]) {
          await expect(change()).rejects.toThrow(`Cannot write below "${planted}": it is a symbolic link`);
        }
        expect(await readdir(elsewhere)).toEqual(['precious']);
        expect(await readFile(join(elsewhere, 'precious'), 'utf8')).toBe('precious');
        // The link itself may go, as when what a cut run left is cleared away.
        await disk.remove(planted);
        expect(await readdir(elsewhere)).toEqual(['precious']);
      });
    },
  );

  it('does not keep an archive from lying behind a link as a whole', async () => {
    await inTemporaryFolder(async (folder) => {
      await mkdir(join(folder, 'big-disk'));
      await symlink(join(folder, 'big-disk'), join(folder, 'archive'));
      const disk = inRealFolders(nodeDisk, join(folder, 'archive'));
      await disk.makeFolder(join(folder, 'archive/messages'));
      await write(disk, join(folder, 'archive/messages/part'), 'truncate', 'x');
      expect(await readFile(join(folder, 'big-disk/messages/part'), 'utf8')).toBe('x');
    });
  });
});

/** The real disk, but for what a file system lacks: the error code of its hard links, or of flushing a folder. */
function diskWithout(lacks: { readonly links?: string; readonly folderFlush?: string }): Disk {
  const { links, folderFlush } = lacks;
  const failing = (code: string): Promise<never> => Promise.reject(Object.assign(new Error(code), { code }));
  if (links !== undefined) jest.spyOn(fs, 'link').mockImplementation(() => failing(links));
  if (folderFlush !== undefined) {
    const { fsync } = callbacks;
    jest.spyOn(callbacks, 'fsync').mockImplementation((file, done) => {
      if (fstatSync(file).isDirectory()) done(Object.assign(new Error(folderFlush), { code: folderFlush }));
      else fsync(file, done);
    });
  }
  // For whoever has imported the functions by their names.
  syncBuiltinESMExports();
  return nodeDisk;
}

afterEach(() => {
  jest.restoreAllMocks();
  syncBuiltinESMExports();
});

describe('a file system without hard links', () => {
  it.each(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'])(
    '(%s): a file is made whole all the same, by one taker',
    async (code) => {
      await inTemporaryFolder(async (folder) => {
        const disk = diskWithout({ links: code });
        const [from, to] = [join(folder, 'record'), join(folder, 'lock')];
        await writeFile(from, 'mine');
        expect(await disk.link(from, to)).toBe(true);
        expect([await readFile(to, 'utf8'), await modeOf(to)]).toEqual(['mine', 0o600]);
        await writeFile(from, 'other');
        expect(await disk.link(from, to)).toBe(false);
        expect(await readFile(to, 'utf8')).toBe('mine');
      });
    },
  );
});

describe('a file system that cannot flush folders', () => {
  it.each(['EINVAL', 'EPERM', 'ENOTSUP', 'EOPNOTSUPP'])('(%s): goes on, and says so once', async (code) => {
    await inTemporaryFolder(async (folder) => {
      const disk = diskWithout({ folderFlush: code });
      await replaceFile(disk, join(folder, 'a'), 'a');
      await mkdir(join(folder, 'below'));
      await replaceFile(disk, join(folder, 'below/b'), 'b');
      expect(await readFile(join(folder, 'below/b'), 'utf8')).toBe('b');
      expect(disk.shortcomings(folder)).toEqual([expect.stringContaining(`cannot flush folders (${code})`)]);
      expect(disk.shortcomings(`${folder}-other`)).toEqual([]);
    });
  });

  it('still fails when the disk does', async () => {
    await inTemporaryFolder(async (folder) => {
      const disk = diskWithout({ folderFlush: 'EIO' });
      await expect(disk.syncFolder(folder)).rejects.toMatchObject({ kind: 'output' });
    });
  });
});

describe('a Node that may not flush', () => {
  it('says what to do about it: no flag of --permission allows it', () => {
    const denied = Object.assign(new Error('fsync API is disabled when Permission Model is enabled.'), {
      code: 'ERR_ACCESS_DENIED',
    });
    expect(asRefusal(new Error('wrapped', { cause: denied }))).toMatchObject({
      exitCode: 73,
      hint: expect.stringContaining('Run Node.js without --permission'),
    });
    expect(asRefusal(new Error('anything else'))).toBeUndefined();
  });
});

describe('reading a file piece by piece', () => {
  it.each([0, 1, 100, 5_000, 1 << 20, (1 << 20) + 1])(
    'gives all of %d bytes, in memory of its size',
    async (sizeBytes) => {
      await inTemporaryFolder(async (folder) => {
        const path = join(folder, 'file');
        const content = Buffer.alloc(sizeBytes, 'abc');
        await writeFile(path, content);
        const chunks: Uint8Array[] = [];
        for await (const chunk of nodeDisk.readChunks(path)) chunks.push(chunk);
        expect(Buffer.concat(chunks).equals(content)).toBe(true);
        // Thousands of small files: a buffer of a megabyte for each took longer than reading them.
        for (const chunk of chunks)
          expect(chunk.buffer.byteLength).toBeLessThanOrEqual(Math.max(sizeBytes, Buffer.poolSize));
        const behind: Uint8Array[] = [];
        for await (const chunk of nodeDisk.readChunks(path, 3)) behind.push(chunk);
        expect(Buffer.concat(behind).equals(content.subarray(3))).toBe(true);
      });
    },
  );

  it('gives what a file has grown by meanwhile', async () => {
    await inTemporaryFolder(async (folder) => {
      const path = join(folder, 'file');
      await writeFile(path, 'one');
      const chunks: string[] = [];
      for await (const chunk of nodeDisk.readChunks(path)) {
        chunks.push(Buffer.from(chunk).toString());
        if (chunks.length === 1) await write(nodeDisk, path, 'append', 'two');
      }
      expect(chunks).toEqual(['one', 'two']);
    });
  });
});

describe('a file that this user may not touch', () => {
  const denied = (action: string, path: string) =>
    attempt(action, path, () => Promise.reject(Object.assign(new Error('no'), { code: 'EACCES' })));

  it('is named as the user knows it, not by its temporary name', async () => {
    const hint = 'Give this user permission to write there, or name another place';
    await expect(denied('write', 'k.tmp')).rejects.toMatchObject({
      ...{ message: 'Cannot write "k": permission denied (EACCES)', hint },
    });
    await expect(denied('write', 'x.csv.11508.tmp')).rejects.toThrow('Cannot write "x.csv": permission denied');
    await expect(denied('read', 'mine.tmp')).rejects.toThrow('Cannot read "mine.tmp": permission denied');
  });

  it('gets no advice on where to write when it is read', async () => {
    await expect(denied('read', '_state.json')).rejects.toHaveProperty(
      'hint',
      'Give this user permission to read it: the files of an archive belong to their owner alone',
    );
  });
});
