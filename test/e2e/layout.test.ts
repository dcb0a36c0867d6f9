import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Manifest } from '../../src/archive/manifest/manifest.ts';
import { verifyArchive } from '../../src/archive/verify/verify.ts';
import { sampleUsers } from '../../src/demo/sample/people.ts';
import { sampleLogin } from '../../src/demo/sample/sample-login.ts';
import { serveWorkspace } from '../../src/demo/server/server.ts';
import { storeMessage } from '../../src/demo/workspace/stored-message.ts';
import { Workspace } from '../../src/demo/workspace/workspace.ts';
import { WorkspaceRoom } from '../../src/demo/workspace/workspace-room.ts';
import type { Job } from '../../src/job/job.ts';
import { runJob } from '../../src/pipeline.ts';
import { DuckDbReader } from '../support/sinks/duckdb-reader.ts';
import { plainMessage } from '../support/workspaces/small-workspace.ts';
import { here, jobFor } from '../support/runs/run-here.ts';
import { inTemporaryFolder } from '../support/disk/temporary-folder.ts';
import { quickOrLong } from '../support/quick-or-long.ts';

const longIt = quickOrLong(it.skip, it);

const roomIds = ['GENERAL', 'room with/odd=signs%', 'third'];
const monthsOfRoom = quickOrLong(3, 10);
const perMonth = 7;
const startMs = Date.UTC(2023, 0, 1);

/** Three rooms over the same months: each month comes again with each room. */
function workspaceRooms(): WorkspaceRoom[] {
  return roomIds.map((id) => {
    const messages = Array.from({ length: monthsOfRoom * perMonth }, (_, at) => {
      const ts = new Date(Date.UTC(2023, Math.floor(at / perMonth), 1 + (at % perMonth) * 4)).toISOString();
      const mentions = at % 10 === 0 ? [{ _id: sampleLogin.userId, username: sampleLogin.user }] : [];
      return storeMessage({ ...plainMessage(at, { mentions }), _id: `${id}-${at}`, rid: id, ts, _updatedAt: ts });
    });
    const memberIds = [sampleLogin.userId];
    return new WorkspaceRoom({ id, type: 'p', name: `name-${id}`, memberIds, createdAtMs: startMs, messages });
  });
}

async function withRooms(
  use: (
    run: (fields: Partial<Job>) => Promise<Manifest>,
    rooms: readonly WorkspaceRoom[],
    archive: string,
  ) => Promise<void>,
): Promise<void> {
  const rooms = workspaceRooms();
  const tokens = { [sampleLogin.authToken]: sampleLogin.userId };
  const served = await serveWorkspace(new Workspace({ users: sampleUsers, rooms, tokens }));
  try {
    await inTemporaryFolder(async (archive) => {
      const run = async (fields: Partial<Job>): Promise<Manifest> => {
        const extract: Job['extract'] = [
          { endpoint: 'groups.messages', rooms: ['*'] },
          { endpoint: 'chat.getMentionedMessages', rooms: ['*'] },
        ];
        const transform: Job['transform'] = {
          tables: ['messages', 'mentioned_messages', 'mentions', 'links', 'rooms'],
        };
        const manifest = await runJob(jobFor(served.url, archive, { extract, transform, ...fields }), here);
        expect((await verifyArchive(archive)).differences).toEqual([]);
        return manifest;
      };
      await use(run, rooms, archive);
    });
  } finally {
    await served.close();
  }
}

describe('the layout of an archive', () => {
  let duckDb: DuckDbReader;
  beforeAll(async () => {
    duckDb = await DuckDbReader.open();
  });
  afterAll(() => duckDb.close());

  it('has a folder a month, of UTC, that DuckDB reads as a column over two runs', async () => {
    await withRooms(async (run, rooms, archive) => {
      const job: Partial<Job> = { partition: 'month', sinks: [{ format: 'parquet' }] };
      await run(job);
      for (const ts of ['2024-12-31T23:59:59.999Z', '2025-01-01T00:00:00.000Z']) {
        rooms[0]?.insert(storeMessage({ ...plainMessage(999), _id: ts, rid: roomIds[0] ?? '', ts, _updatedAt: ts }));
      }
      const second = await run(job);
      expect(second.files.filter(({ table }) => table === 'messages').map(({ path }) => path)).toEqual([
        'messages/month=2024-12/run-000002-0001.parquet',
        'messages/month=2025-01/run-000002-0001.parquet',
      ]);
      const from = `FROM read_parquet('${archive}/messages/**/*.parquet', hive_partitioning = true)`;
      const months = await duckDb.query(
        `SELECT month, count(*) AS n, bool_and(month = strftime(ts AT TIME ZONE 'UTC', '%Y-%m')) AS right ${from} GROUP BY month ORDER BY month`,
      );
      expect(months).toHaveLength(monthsOfRoom + 2);
      expect(months.every(({ right }) => right === true)).toBe(true);
      expect(months[0]).toMatchObject({ month: '2023-01', n: perMonth * roomIds.length });
      expect(months.at(-1)).toMatchObject({ month: '2025-01', n: 1 });
      // A table without rows can be read, too, and has its columns.
      const links = `FROM read_parquet('${archive}/links/**/*.parquet', hive_partitioning = true)`;
      expect(await duckDb.query(`SELECT count(*) AS n, count(url) AS urls, count(month) AS months ${links}`)).toEqual([
        { n: 0, urls: 0, months: 0 },
      ]);
    });
  });

  longIt('has a folder a room, by its id, that DuckDB reads as a column', async () => {
    await withRooms(async (run, _rooms, archive) => {
      const manifest = await run({ partition: 'room', sinks: [{ format: 'parquet' }] });
      expect(manifest.files.filter(({ table }) => table === 'messages').map(({ path }) => path)).toEqual([
        'messages/room=GENERAL/run-000001-0001.parquet',
        'messages/room=room%20with%2Fodd%3Dsigns%25/run-000001-0001.parquet',
        'messages/room=third/run-000001-0001.parquet',
      ]);
      const from = `FROM read_parquet('${archive}/messages/**/*.parquet', hive_partitioning = true)`;
      expect(
        await duckDb.query(
          `SELECT room, count(*) AS n, bool_and(room = room_id) AS right ${from} GROUP BY room ORDER BY room`,
        ),
      ).toEqual(roomIds.map((room) => ({ room, n: monthsOfRoom * perMonth, right: true })));
    });
  });

  longIt.each(quickOrLong(['room'] as const, ['none', 'room', 'month'] as const))(
    'gives the same names and bytes again, partition %s',
    async (partition) => {
      await withRooms(async (run, _rooms, archive) => {
        const job: Partial<Job> = { partition, rowsPerFile: 50, sinks: [{ format: 'csv' }, { format: 'jsonl' }] };
        const first = await run(job);
        await rm(archive, { recursive: true });
        expect((await run(job)).files).toEqual(first.files);
        for (const { rows } of first.files) expect(rows).toBeLessThanOrEqual(50);
        const own = first.files.filter(({ table, format }) => table === 'messages' && format === 'csv');
        if (partition === 'none') expect(own.map(({ rows }) => rows)).toEqual([50, 50, 50, 50, 10]);
        if (partition === 'room') {
          expect(own.map(({ rows }) => rows)).toEqual([50, 20, 50, 20, 50, 20]);
        }
      });
    },
  );

  longIt('has every row of one file in the files of its partitions, and in their order within a room', async () => {
    await withRooms(async (run, _rooms, archive) => {
      await run({ sinks: [{ format: 'parquet' }] });
      const ids = `SELECT room_id, list(message_id ORDER BY file_row_number) AS ids FROM read_parquet('${join(archive, 'messages/run-000001-0001.parquet')}', file_row_number = true) GROUP BY room_id ORDER BY room_id`;
      const flat = await duckDb.query(ids);
      await rm(archive, { recursive: true });
      await run({ partition: 'month', sinks: [{ format: 'parquet' }] });
      const spread = await duckDb.query(
        `SELECT room_id, list(message_id ORDER BY month, filename, file_row_number) AS ids FROM read_parquet('${archive}/messages/**/*.parquet', hive_partitioning = true, filename = true, file_row_number = true) GROUP BY room_id ORDER BY room_id`,
      );
      expect(spread).toEqual(flat);
    });
  });
});
