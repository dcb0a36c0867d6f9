import { mkdirSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { serveWorkspace } from '../../src/demo/server/server.ts';
import { resetState } from '../../src/archive/stored-state/state-links.ts';
import { publishedRuns } from '../../src/archive/manifest/run-manifests.ts';
import { runJob } from '../../src/pipeline.ts';
import { nodeDisk } from '../../src/system/disk.ts';
import { expectLoaded, runsInDatabase } from '../support/databases/expect-loaded.ts';
import { queryDatabase, readDatabaseTable } from '../support/databases/read-database.ts';
import { temporaryFolder } from '../support/disk/temporary-folder.ts';
import { here, jobFor } from '../support/runs/run-here.ts';
import { createSmallWorkspace } from '../support/workspaces/small-workspace.ts';

const inFolder = temporaryFolder();

it('a run that cannot be loaded into the database of its job stays published, and the next run loads both', async () => {
  const archive = inFolder('archive');
  const load = { kind: 'sqlite', path: inFolder('databases', 'chat.db') } as const;
  const server = await serveWorkspace(createSmallWorkspace(20));
  const job = jobFor(server.url, archive, { sinks: [{ format: 'parquet' }], load });
  try {
    await expect(runJob(job, here)).rejects.toMatchObject({
      exitCode: 75,
      message: expect.stringMatching(
        /^The run is published, and could not be loaded into the database: .*there is no folder/,
      ),
    });
    expect(await publishedRuns(nodeDisk, archive)).toEqual([1]);
    mkdirSync(inFolder('databases'));
    const { run, gaps } = await runJob(job, here);
    expect({ run, gaps }).toEqual({ run: 2, gaps: [] });
    expect(await runsInDatabase(load)).toEqual([1, 2]);
    await expectLoaded(archive, load, ['messages']);
  } finally {
    await server.close();
  }
});

it('rows with names leave the database with the run that read everything again under pseudonyms', async () => {
  const archive = inFolder('named');
  const load = { kind: 'sqlite', path: inFolder('named.db') } as const;
  const server = await serveWorkspace(createSmallWorkspace(20));
  const job = jobFor(server.url, archive, { sinks: [{ format: 'parquet' }], load });
  const key = 'a key of the job, long enough for anybody';
  try {
    await runJob(job, here);
    const [{ username = '' } = {}] = await readDatabaseTable(load, 'messages');
    const named = `SELECT count(*) AS "rows" FROM "messages" WHERE "username" = '${String(username)}'`;
    expect(await queryDatabase(load, named)).not.toEqual([{ rows: 0 }]);
    await resetState(nodeDisk, archive, '2026-11-27T00:00:00.000Z', () => 'all');
    await runJob({ ...job, transform: { ...job.transform, steps: [{ kind: 'pseudonymize', key }] } }, here);
    expect(await queryDatabase(load, named)).toEqual([{ rows: 0 }]);
    expect((await readDatabaseTable(load, 'messages')).length).toBe(20);
    expect(await runsInDatabase(load)).toEqual([1, 2, 3]);
  } finally {
    await server.close();
  }
});
