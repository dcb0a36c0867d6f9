import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { OutputError, UsageError } from '../../src/errors.ts';
import { nodeDisk } from '../../src/system/disk.ts';
import { keepTranscript } from '../../src/transcript/keep-transcript.ts';
import { searchArchive, type SearchOptions } from '../../src/transcript/search-archive.ts';
import { compactHere } from '../support/archives/compact-here.ts';
import { fixtureRow, publishFixture, type FixtureRun } from '../support/archives/revised-archive.ts';
import { inTemporaryFolder } from '../support/disk/temporary-folder.ts';
import { hostileRuns } from '../support/transcripts/hostile-runs.ts';
import { messageFixture as message } from '../support/transcripts/message-fixture.ts';
import { quickOrLong } from '../support/quick-or-long.ts';

const longIt = quickOrLong(it.skip, it);

const at = (time: string): { readonly ts: Date } => ({ ts: new Date(time) });
const file = {
  ...{ kind: 'file', title: 'Budget-2026.xlsx', author: null, text: 'the plan', url: null, urls: [], mime_type: null },
  ...{ size_bytes: 1, file_id: null },
};
const edited = { edited_at: new Date('2026-03-02T00:00:00Z'), edited_by_username: 'anna' };
const runs: readonly FixtureRun[] = [
  {
    tables: {
      messages: {
        first: [
          message('old', { ...at('2026-01-01T00:00:00Z'), msg: 'Invoice for Müller, paid' }),
          message('new', { ...at('2026-05-01T00:00:00Z'), msg: 'the invoice of today', username: 'bo', user_id: 'u2' }),
          message('gone', { msg: 'secret invoice' }),
          message('file', { ...at('2026-04-01T00:00:00Z'), msg: null, attachments: [file] }),
          message('cjk', { msg: '私は東京都に行く', room_id: 'r2', room_name: 'tokyo', room_title: 'Tokyo' }),
          message('change', { msg: 'now four', ...edited }),
        ],
      },
      message_versions: {
        first: [
          fixtureRow('message_versions', {
            ...message('v1', { msg: 'first three', ...edited }),
            ...{ version_id: 'v1', message_id: 'change' },
          }),
        ],
      },
    },
  },
  {
    tables: {
      messages: {
        revising: [message('gone', { msg: null, op: 'delete', run: 2, deleted_at: new Date('2026-03-04T00:00:00Z') })],
      },
    },
  },
];

async function idsOf(archive: string, words: string, options?: SearchOptions): Promise<readonly string[]> {
  const ids: string[] = [];
  for await (const { messageId } of (await searchArchive(archive, words, options)).messages) ids.push(messageId);
  return ids;
}

const keep = (archive: string): Promise<void> =>
  keepTranscript(nodeDisk, archive, { zone: 'UTC', signal: new AbortController().signal });

/** Of a kind one, in the quick suite: the index is asked for all. */
const inRows = new Set<string>(['INV', 'inv* today', '"müller for"', '東京都', 'plan', 'first four']);

describe.each([
  ['the index', true],
  ['the rows', false],
])('a search in %s', (_, hasIndex) => {
  const inArchive = (work: (archive: string) => Promise<void>): Promise<void> =>
    inTemporaryFolder(async (folder) => {
      const archive = join(folder, 'archive');
      await publishFixture(nodeDisk, archive, runs);
      if (hasIndex) await keep(archive);
      const { source } = await searchArchive(archive, 'x');
      expect(source).toBe(hasIndex ? 'index' : 'rows');
      await work(archive);
    });

  it('finds words, beginnings, phrases, other scripts, files, earlier versions and what is gone, newest first', () =>
    inArchive(async (archive) => {
      for (const [words, ids] of [
        ['invoice', ['new', 'gone', 'old']],
        ['INV', ['new', 'gone', 'old']],
        ['inv today', []],
        ['inv* today', ['new']],
        ['muller', ['old']],
        ['"for müller"', ['old']],
        ['"müller for"', []],
        ['東京都', ['cjk']],
        ['budget xlsx', ['file']],
        ['plan', ['file']],
        ['three', ['change']],
        ['first four', ['change']],
        ['nothing of this', []],
      ] as const) {
        // Rows are read once for each search.
        if (!hasIndex && quickOrLong(!inRows.has(words), false)) continue;
        expect({ words, ids: await idsOf(archive, words) }).toEqual({ words, ids });
      }
    }));

  longIt('can be asked for a room, a person and a period', () =>
    inArchive(async (archive) => {
      const selection = { sinceMs: Date.parse('2026-01-01T00:00:00Z'), untilMs: Date.parse('2026-05-01T00:00:00Z') };
      expect(await idsOf(archive, 'invoice', { selection })).toEqual(['gone', 'old']);
      expect(await idsOf(archive, 'invoice', { selection: { users: new Set(['bo']) } })).toEqual(['new']);
      expect(await idsOf(archive, 'invoice', { selection: { users: new Set(['u2', 'u1']) } })).toHaveLength(3);
      for (const room of ['r2', 'Tokyo', 'tokyo'])
        expect(await idsOf(archive, '東', { rooms: [room] })).toEqual(['cjk']);
      expect(await idsOf(archive, '東', { rooms: ['ops'] })).toEqual([]);
      await expect(searchArchive(archive, '東', { rooms: ['nowhere'] })).rejects.toThrow(UsageError);
      expect(await idsOf(archive, 'invoice', { selection: { users: new Set(['BO']) } })).toEqual(['new']);
      await expect(searchArchive(archive, 'invoice', { selection: { users: new Set(['u1', 'bob']) } })).rejects.toThrow(
        'Unknown user "bob": no row of the archive has that id or name',
      );
      await expect(searchArchive(archive, '…')).rejects.toThrow('no letter');
    }),
  );

  it('says of each what it is, where it stands, and which words were found', () =>
    inArchive(async (archive) => {
      for await (const found of (await searchArchive(archive, 'three')).messages) {
        expect(found).toMatchObject({
          ...{ messageId: 'change', number: 6, roomId: 'roomroomroomroom1', roomTitle: 'Ops', username: 'anna' },
          ...{ author: 'Anna', sentAt: '2026-03-01T12:00:00.000Z', state: 'edited', text: 'now four' },
          excerpt: {
            isEarlier: true,
            pieces: [
              { text: 'first ', isFound: false },
              { text: 'three', isFound: true },
            ],
          },
        });
        const [page = '', anchor] = found.place?.split('#') ?? [];
        if (hasIndex) expect(await readFile(join(archive, page), 'utf8')).toContain(`id="${anchor ?? ''}"`);
        else expect(found.place).toBeNull();
      }
    }));
});

describe('the index of an archive', () => {
  const inArchive = (work: (archive: string) => Promise<void>): Promise<void> =>
    inTemporaryFolder(async (folder) => {
      const archive = join(folder, 'archive');
      await publishFixture(nodeDisk, archive, runs);
      await keep(archive);
      await work(archive);
    });
  const source = async (archive: string): Promise<string> => (await searchArchive(archive, 'invoice')).source;

  longIt('holds after a compaction, and not after a run', () =>
    inArchive(async (archive) => {
      await compactHere(archive);
      expect(await source(archive)).toBe('index');
      await publishFixture(nodeDisk, join(archive, '../other'), hostileRuns());
      await keep(join(archive, '../other'));
      await rm(join(archive, '_view/transcript'), { recursive: true });
      await nodeDisk.rename(join(archive, '../other/_view/transcript'), join(archive, '_view/transcript'));
      expect(await source(archive)).toBe('rows');
    }),
  );

  it('that is damaged is an error that says what to do', () =>
    inArchive(async (archive) => {
      const folder = join(archive, '_view/transcript/search');
      for (const name of (await readdir(folder)).filter((one) => /^(?:words|texts|index)/.test(one))) {
        const path = join(folder, name);
        const whole = await readFile(path, 'utf8');
        for (const other of ['', whole.slice(0, -9), whole.replace(/\(/, '(1,2,3,4,'), `alert(1);\n`]) {
          await writeFile(path, other);
          const failing = idsOf(archive, 'invoice');
          if (name === 'index.js' && other.includes('1,2,3,4')) expect(await failing).toHaveLength(3);
          else await expect(failing).rejects.toThrow(OutputError);
        }
        await writeFile(path, whole);
      }
      expect(await idsOf(archive, 'invoice')).toHaveLength(3);
    }));
});
