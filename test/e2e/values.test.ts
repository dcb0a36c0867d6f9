import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Manifest } from '../../src/archive/manifest/manifest.ts';
import { verifyArchive } from '../../src/archive/verify/verify.ts';
import { people } from '../../src/demo/sample/people.ts';
import { sampleLogin } from '../../src/demo/sample/sample-login.ts';
import { createSampleWorkspace } from '../../src/demo/sample/sample-workspace.ts';
import { serveWorkspace } from '../../src/demo/server/server.ts';
import { atLeast } from '../../src/demo/server/version.ts';
import { JobError } from '../../src/errors.ts';
import type { Job } from '../../src/job/job.ts';
import { tableNames as allTables, tableNames } from '../../src/model/table-name.ts';
import { runJob } from '../../src/pipeline.ts';
import { DuckDbReader } from '../support/sinks/duckdb-reader.ts';
import { createSmallWorkspace, plainMessage } from '../support/workspaces/small-workspace.ts';
import { contractColumns } from '../support/expected/contract-columns.ts';
import { type ExpectedArchive, type Filters, expectedArchive } from '../support/expected/expected-tables.ts';
import { type ReadRow, type TableReader, tableReaders } from '../support/archives/read-table.ts';
import { here, jobFor } from '../support/runs/run-here.ts';
import { inTemporaryFolder } from '../support/disk/temporary-folder.ts';
import { quickOrLong } from '../support/quick-or-long.ts';

interface Variant {
  readonly version: string;
  readonly cap: number;
  readonly filters: Filters;
  /** Of the job; more than `*` for time's sake. */
  readonly rooms: readonly string[];
  readonly md?: true;
  /** Default: one, read by one reader, for time's sake. */
  readonly formats?: 'all';
  /** Default: whole private rooms only. */
  readonly kinds?: 'all';
}

const [, tomasz, leila] = people;
const none: Filters = {};
const mentioned: Filters = { mentionIds: [tomasz?._id ?? '', leila?._id ?? '', 'all'] };
const starred: Filters = { starredIds: [sampleLogin.userId] };
const pinned: Filters = { pinned: true };
const several: Filters = { mentionIds: [sampleLogin.userId, 'here'], pinned: false };

const every = ['*'];
/** Among them one with more messages in one millisecond than any page here holds, an encrypted and an archived one. */
const some = ['*', '!ops-oncall', '!support-escalations', '!release-train', '!design-review', '!lunch-club'];

const variants: readonly Variant[] = [
  { version: '8.8', cap: 100, filters: none, rooms: some, md: true, kinds: 'all' },
  // 6.13 ignores them without a word.
  { version: '6.13', cap: 100, filters: mentioned, rooms: some, kinds: 'all' },
];

const moreVariants: readonly Variant[] = [
  // Edit-history clones come among the messages up to 7.x.
  { version: '6.13', cap: 7, filters: none, rooms: some, md: true, formats: 'all' },
  { version: '7.0', cap: 100, filters: none, rooms: some, kinds: 'all' },
  ...[several, mentioned, pinned].map((filters) => ({ version: '8.8', cap: 100, filters, rooms: some })),
  { version: '8.8', cap: 100, filters: none, rooms: every, md: true, formats: 'all', kinds: 'all' },
  { version: '7.5', cap: 7, filters: none, rooms: some },
  { version: '8.8', cap: 7, filters: none, rooms: some },
  ...[mentioned, starred, pinned, several].flatMap((filters) => [
    { version: '6.13', cap: 100, filters, rooms: every, kinds: 'all' as const },
    { version: '8.8', cap: 100, filters, rooms: every },
  ]),
];

/** What is compared takes its time on a busy machine. */
const timeoutMs = 60_000;

const otherKinds = ['channels.messages', 'im.messages'] as const;
const workspace = createSampleWorkspace();
const allFormats: Job['sinks'] = [{ format: 'csv' }, { format: 'jsonl' }, { format: 'parquet' }];
const oneFormatOrAll: Job['sinks'] = quickOrLong([{ format: 'parquet' }], allFormats);

describe('a whole run', () => {
  let duckDb: DuckDbReader;
  beforeAll(async () => {
    duckDb = await DuckDbReader.open();
  });
  afterAll(() => duckDb.close());

  it.each([...variants, ...quickOrLong([], moreVariants)])(
    'brings every value of every message from server $version, cap $cap, filters $filters, kinds $kinds',
    async ({ version, cap, filters, rooms, md, formats, kinds }) => {
      const sinks: Job['sinks'] = formats === 'all' ? allFormats : [{ format: 'parquet' }];
      const expected = expectedArchive(
        workspace,
        filters,
        (name) => !rooms.includes(`!${name}`),
        !atLeast(version, '8.0'),
        kinds && ['p', 'c', 'd'],
        atLeast(version, '7.3'),
      );
      const served = await serveWorkspace(workspace, { version, cap });
      try {
        await inTemporaryFolder(async (archive) => {
          const manifest = await runJob(
            jobFor(served.url, archive, {
              extract: [
                { endpoint: 'groups.messages', rooms, ...filters },
                ...(kinds ? otherKinds.map((endpoint) => ({ endpoint, rooms, ...filters })) : []),
                { endpoint: 'chat.getMentionedMessages', rooms },
              ],
              transform: { tables: allTables, ...(md && { md: 'json' }) },
              sinks,
            }),
            here,
          );
          expect(manifest.gaps).toEqual([]);
          expect(manifest.badFields).toEqual({});
          expect((await verifyArchive(archive)).differences).toEqual([]);
          await compareArchive(archive, readersOf(tableReaders(duckDb), sinks), expected, manifest, md === true);
        });
      } finally {
        await served.close();
      }
    },
    timeoutMs,
  );

  it('is refused for stars of other people, which no server tells', async () => {
    const served = await serveWorkspace(workspace);
    try {
      await inTemporaryFolder(async (archive) => {
        const starredIds = [sampleLogin.userId, leila?._id ?? ''];
        const extract: Job['extract'] = [{ endpoint: 'groups.messages', rooms: ['*'], starredIds }];
        const run = runJob(jobFor(served.url, archive, { extract }), here);
        await expect(run).rejects.toBeInstanceOf(JobError);
        await expect(run).rejects.toThrow(`starredIds "${leila?._id ?? ''}"`);
        expect(served.requests.filter(({ endpoint }) => endpoint === 'groups.messages')).toEqual([]);
      });
    } finally {
      await served.close();
    }
  });

  it('keeps values of a wrong type and fields that nobody knows, and counts the wrong ones', async () => {
    const odd = createSmallWorkspace([
      plainMessage(0, { msg: 12, alias: { first: 'A' }, t: false, tmid: ['x'], tshow: 'yes', drid: 0 }),
      plainMessage(1, {
        tcount: '3',
        dcount: 2 ** 53,
        tlm: 'soon',
        dlm: 1_704_067_200_000,
        editedAt: '',
        pinnedAt: '1',
      }),
      plainMessage(2, { _updatedAt: '2024-01-01T00:00:00.000+02:00', tcount: 1.5, dcount: -1, msg: '', alias: '' }),
      plainMessage(3, { ['__proto__']: { polluted: true }, toString: null, '': [], 'a"b,c\n': '\r\n', length: 1e300 }),
    ]);
    const expected = expectedArchive(odd, none);
    const served = await serveWorkspace(odd);
    try {
      await inTemporaryFolder(async (archive) => {
        const manifest = await runJob(
          jobFor(served.url, archive, {
            extract: [
              { endpoint: 'groups.messages', rooms: ['*'] },
              { endpoint: 'chat.getMentionedMessages', rooms: ['*'] },
            ],
            transform: { tables: allTables },
            sinks: oneFormatOrAll,
          }),
          here,
        );
        expect(manifest.badFields).toEqual({
          ...{ msg: 1, alias: 1, t: 1, tmid: 1, tshow: 1, drid: 1 },
          ...{ tcount: 2, dcount: 1, tlm: 1, dlm: 1, editedAt: 1, pinnedAt: 1 },
        });
        expect(manifest.badColumns).toMatchObject({ messages: { thread_count: 2, thread_shown: 1, discussion_id: 1 } });
        await compareArchive(archive, readersOf(tableReaders(duckDb), oneFormatOrAll), expected, manifest, false);
      });
    } finally {
      await served.close();
    }
  });
});

async function compareArchive(
  archive: string,
  readers: readonly TableReader[],
  expected: ExpectedArchive,
  manifest: Pick<Manifest, 'tables'>,
  md: boolean,
): Promise<void> {
  for (const { name, extension, read } of readers) {
    const tables = new Map<string, readonly ReadRow[]>();
    for (const table of tableNames) {
      const path = join(archive, table, `run-000001-0001.${extension}`);
      if (!existsSync(path)) throw new Error(`There is no ${path}`);
      tables.set(table, await read(path, contractColumns(table, { md })));
    }
    compareTables(`${extension} read by ${name}`, tables, expected, md);
    expect(manifest.tables).toEqual(Object.fromEntries([...tables].map(([table, { length }]) => [table, length])));
  }
}

/** Without `formats: all` the one that is quickest. */
function readersOf(readers: readonly TableReader[], sinks: Job['sinks']): readonly TableReader[] {
  return sinks.length > 1 ? readers : readers.filter(({ name }) => name === 'hyparquet');
}

function compareTables(
  where: string,
  tables: ReadonlyMap<string, readonly ReadRow[]>,
  expected: ExpectedArchive,
  md: boolean,
): void {
  const sides = ['mentions', 'reactions', 'attachments', 'links'] as const;
  const rows: Record<string, ReadRow[]> = Object.fromEntries(tableNames.map((table) => [table, []]));
  rows['rooms'] = [...expected.rooms];
  rows['users'] = [...expected.users];
  rows['room_members'] = [...expected.members];
  const at = { messages: 0, mentioned_messages: 0, message_versions: 0 };
  for (const { table, messages, versions, hasSideRows } of expected.streams) {
    const inOrder = (name: keyof typeof at, id: string, wanted: typeof messages): typeof messages => {
      // Messages of one millisecond come in the order the server had them in: that of the file is taken over for them.
      const inFile = (tables.get(name) ?? []).slice(at[name], at[name] + wanted.length);
      at[name] += wanted.length;
      const place = new Map(inFile.map((row, index) => [row[id], index]));
      return wanted.toSorted(
        (a, b) => a.tsMs - b.tsMs || (place.get(a.id) ?? 0) - (place.get(b.id) ?? 0) || (a.id < b.id ? -1 : 1),
      );
    };
    for (const { row } of inOrder('message_versions', 'version_id', versions)) rows['message_versions']?.push(row);
    for (const message of inOrder(table, 'message_id', messages)) {
      rows[table]?.push(message.row);
      if (hasSideRows(message.id)) for (const side of sides) rows[side]?.push(...message[side]);
    }
  }
  for (const [table, read] of tables) {
    const names = contractColumns(table, { md }).map(({ name }) => name);
    const wanted = (rows[table] ?? []).map((row) => Object.fromEntries(names.map((name) => [name, row[name]])));
    read.forEach((row, index) => {
      // toEqual tells best what differs, and takes long.
      if (isDeepStrictEqual(row, wanted[index]) && isDeepStrictEqual(Object.keys(row), names)) return;
      expect({ where, table, index, row }).toEqual({ where, table, index, row: wanted[index] });
      expect({ where, table, index, columns: Object.keys(row) }).toEqual({ where, table, index, columns: names });
    });
    expect({ where, table, rows: read.length }).toEqual({ where, table, rows: wanted.length });
  }
}
