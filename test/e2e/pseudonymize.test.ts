import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { verifyArchive } from '../../src/archive/verify/verify.ts';
import type { Manifest } from '../../src/archive/manifest/manifest.ts';
import { sampleLogin } from '../../src/demo/sample/sample-login.ts';
import { people, sampleUsers } from '../../src/demo/sample/people.ts';
import { createSampleWorkspace } from '../../src/demo/sample/sample-workspace.ts';
import { serveWorkspace } from '../../src/demo/server/server.ts';
import type { Job } from '../../src/job/job.ts';
import { tableNames } from '../../src/model/table-name.ts';
import { walkFiles } from '../../src/archive/walk-files.ts';
import { nodeDisk } from '../../src/system/disk.ts';
import { runJob } from '../../src/pipeline.ts';
import { DuckDbReader } from '../support/sinks/duckdb-reader.ts';
import { here, jobFor } from '../support/runs/run-here.ts';
import { inTemporaryFolder } from '../support/disk/temporary-folder.ts';
import { quickOrLong } from '../support/quick-or-long.ts';

const key = 'the key of this test, long enough';

/** The whole workspace, on machines that may be busy. */
const timeoutMs = 60_000;

/** Without the longest, which have most of the messages. */
const longest = ['ops-oncall', 'support-escalations', 'release-train', 'lunch-club', 'design-review'];
const long = [...longest, 'hiring-panel', 'project-lantern', 'general'];
const rooms = quickOrLong(['*', ...long.map((name) => `!${name}`)], ['*']);

const fields: Partial<Job> = {
  extract: [
    { rooms, scope: 'readable' },
    { endpoint: 'chat.getMentionedMessages', rooms },
  ],
  transform: { tables: tableNames, md: 'json', steps: [{ kind: 'pseudonymize', key }] },
  // Rows are rid of people before they come to a sink; DuckDB joins those of Parquet.
  sinks: quickOrLong(
    [{ format: 'parquet', compression: 'none' }],
    [{ format: 'jsonl' }, { format: 'csv' }, { format: 'parquet', compression: 'none' }],
  ),
  partition: 'room',
};

/** Pages, the report, and texts of the search; the cover names the login that asked. */
async function secretsInPages(archive: string, secrets: readonly string[]): Promise<readonly string[]> {
  const found = new Set<string>();
  for await (const { path, name } of walkFiles(nodeDisk, join(archive, '_view'))) {
    // Words of the search are lower-cased: a first name typed without @, which nothing can find, looks like a username there.
    if (name === 'transcript/START-HERE.html' || name.includes('words-')) continue;
    const bytes = await readFile(path);
    for (const secret of secrets) {
      if (bytes.includes(secret) || decodeURIComponent(name).includes(secret)) found.add(`${secret} in ${name}`);
    }
  }
  return [...found];
}

describe('an archive with pseudonyms', () => {
  let duckDb: DuckDbReader;
  beforeAll(async () => {
    duckDb = await DuckDbReader.open();
  });
  afterAll(() => duckDb.close());

  it(
    'holds no id, username or name of the workspace in any file of any table or page of transcript and report, and still joins',
    async () => {
      const workspace = createSampleWorkspace();
      const served = await serveWorkspace(workspace);
      try {
        await inTemporaryFolder(async (archive) => {
          const manifest = await runJob(
            jobFor(served.url, archive, { ...fields, transcript: true, report: true }),
            here,
          );
          expect((await verifyArchive(archive)).differences).toEqual([]);
          expect(manifest.steps).toMatchObject([{ step: 'pseudonymize', dropped: 0 }]);
          expect(JSON.stringify(manifest)).not.toContain(key);

          const secrets = [...sampleUsers, ...people].flatMap((user) => [
            'id' in user ? user.id : user._id,
            ...(user.username.length > 2 ? [user.username] : []),
            ...(user.name === undefined ? [] : [user.name]),
          ]);
          expect(secrets.length).toBeGreaterThan(30);
          const secretsIn = async ({ files }: Manifest): Promise<readonly string[]> => {
            const found = new Set<string>();
            for (const { path } of files) {
              const bytes = await readFile(join(archive, path));
              for (const secret of secrets) {
                if (bytes.includes(secret) || decodeURIComponent(path).includes(secret))
                  found.add(`${secret} in ${path}`);
              }
            }
            return [...found];
          };
          expect(await secretsIn(manifest)).toEqual([]);
          expect(await secretsInPages(archive, secrets)).toEqual([]);

          // The same person is the same in every table: who was mentioned, reacted and wrote.
          const table = (name: string): string =>
            `read_parquet('${archive}/${name}/**/*.parquet', hive_partitioning=false)`;
          const [joined] = await duckDb.query(`
          SELECT (SELECT count(DISTINCT username) FROM ${table('messages')}) AS writers,
            (SELECT count(*) FROM (SELECT DISTINCT username FROM ${table('reactions')}) SEMI JOIN ${table('messages')} USING (username)) AS reacting,
            (SELECT count(*) FROM (SELECT DISTINCT mention_id AS user_id FROM ${table('mentions')} WHERE mention_type = 'user') SEMI JOIN ${table('messages')} USING (user_id)) AS mentioned,
            (SELECT bool_and(username SIMILAR TO 'u_[0-9a-f]{12}') FROM ${table('messages')}) AS replaced`);
          expect(joined).toMatchObject({ replaced: true });
          expect(Number(joined?.['writers'])).toBeGreaterThan(10);
          expect(Number(joined?.['reacting'])).toBeGreaterThan(8);
          expect(Number(joined?.['mentioned'])).toBeGreaterThan(8);

          // Who and what is gone hides as well: messages, and people in rooms.
          for (const room of workspace.rooms) {
            const last = room.messages.findLast(({ hidden }) => !hidden);
            if (last !== undefined) room.remove(last.id, Date.now());
            const [someone] = [...room.memberIds].filter((id) => id !== sampleLogin.userId);
            if (someone !== undefined && room.type !== 'd') room.memberIds.delete(someone);
          }
          const later = await runJob(jobFor(served.url, archive, fields), here);
          expect(later.tables['messages']).toBeGreaterThan(quickOrLong(3, 5));
          expect(later.tables['room_members']).toBeGreaterThan(quickOrLong(2, 5));
          expect(await secretsIn(later)).toEqual([]);
        });
      } finally {
        await served.close();
      }
    },
    timeoutMs,
  );
});
