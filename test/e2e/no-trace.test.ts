import { mkdir, readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { serveWorkspace, type ServedWorkspace } from '../../src/demo/server/server.ts';
import type { Job } from '../../src/job/job.ts';
import { runJob } from '../../src/pipeline.ts';
import { inflict } from '../support/network/faults.ts';
import { createSmallWorkspace } from '../support/workspaces/small-workspace.ts';
import { fullJob, newProcess } from '../support/runs/new-process.ts';
import { withArchive } from '../support/disk/temporary-folder.ts';

let served: ServedWorkspace;
let pages: number;
/** From this page of messages on the server has forgotten the login. */
let refusedPage: number;

beforeAll(async () => {
  served = await serveWorkspace(createSmallWorkspace(300), {
    cap: 100,
    intercept: inflict(({ endpoint }) => {
      if (endpoint === 'groups.messages') pages += 1;
      if (pages < refusedPage || (endpoint !== 'groups.messages' && endpoint !== 'me')) return null;
      const body = '{"status":"error","message":"You must be logged in to do this."}';
      return { kind: 'answer', status: 401, contentType: 'application/json', body };
    }),
  });
});
afterAll(() => served.close());

const extract: Job['extract'] = [{ endpoint: 'groups.messages', rooms: ['small'] }];

/** Runs below folders that are not there yet, and returns what has become of the first of them. */
async function left(fields: Partial<Job>, page = Infinity): Promise<readonly string[] | undefined> {
  pages = 0;
  refusedPage = page;
  return withArchive(async (folder) => {
    const job = fullJob(served.url, join(folder, 'of/work'), { extract, concurrency: 1, ...fields });
    await expect(runJob(job, newProcess())).rejects.toThrow();
    return readdir(folder).catch(() => undefined);
  });
}

describe('a run that fails before its first page leaves no folder behind', () => {
  it('when nobody listens at the address', async () => {
    const { server } = fullJob('http://127.0.0.1:9', 'unused');
    expect(await left({ server })).toBeUndefined();
  });

  it('when no room has the name', async () => {
    expect(await left({ extract: [{ endpoint: 'groups.messages', rooms: ['smal'] }] })).toBeUndefined();
  });

  it('when the login is refused at the first page', async () => {
    expect(await left({}, 1)).toBeUndefined();
    expect(await left({ raw: 'keep' }, 1)).toBeUndefined();
  });
});

it('keeps what it has read', async () => {
  expect(await left({}, 2)).toEqual(['of']);
});

it('leaves folders alone that were there, and what lies in them', async () => {
  await withArchive(async (archive) => {
    await mkdir(archive);
    const job = fullJob('http://127.0.0.1:9', join(archive, 'new'), { extract });
    await expect(runJob(job, newProcess())).rejects.toThrow();
    expect(await readdir(dirname(archive))).toEqual(['archive']);
    expect(await readdir(archive)).toEqual([]);
    await rm(archive, { recursive: true });
  });
});

it('leaves the pages of a run that was cut, whatever the next one fails for', async () => {
  pages = 0;
  refusedPage = 2;
  await withArchive(async (archive) => {
    const job = fullJob(served.url, archive, { extract, concurrency: 1 });
    await expect(runJob(job, newProcess())).rejects.toThrow();
    const before = await readdir(join(archive, '_work/journal'));
    expect(before).toHaveLength(1);
    const { server } = fullJob('http://127.0.0.1:9', archive);
    await expect(runJob({ ...job, server }, newProcess())).rejects.toThrow();
    expect(await readdir(join(archive, '_work/journal'))).toEqual(before);
  });
});
