import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, openSync } from 'node:fs';
import { lstat, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createAnew, openToAppend, openToRead } from '../../src/system/disk-open.ts';

describe('createAnew', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'disk-open-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('removes nothing that is no file: a root that wrote to /dev/full had no such device any more', async () => {
    const path = join(folder, 'socket');
    const server = createServer().listen(path);
    await once(server, 'listening');
    // No file to be opened, as a device is; what counts is that it stays.
    await expect(createAnew(path)).rejects.toMatchObject({ code: 'ENXIO' });
    expect((await lstat(path)).isSocket()).toBe(true);
    server.close();
  });

  it('puts a file of its own in the place of another', async () => {
    const path = join(folder, 'file');
    await writeFile(path, 'of somebody else', { mode: 0o644 });
    closeSync(await createAnew(path));
    const { mode, size } = await lstat(path);
    expect({ mode: mode & 0o777, size }).toEqual({ mode: 0o600, size: 0 });
  });
});

describe('a pipe without anybody at its other end', () => {
  it.each([
    ['reads', openToRead],
    ['appends', openToAppend],
  ])('lets others work while one that %s waits for it', async (_, open) => {
    const folder = await mkdtemp(join(tmpdir(), 'disk-open-'));
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const opened = open(pipe);
    // Opened in this thread, nothing would come to be its other end.
    const other = openSync(pipe, constants.O_RDWR);
    closeSync(await opened);
    closeSync(other);
    await rm(folder, { recursive: true });
  });
});
