import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Manifest } from '../../../src/archive/manifest/manifest.ts';
import { verifyArchive } from '../../../src/archive/verify/verify.ts';
import type { Exchange } from '../../../src/demo/server/exchange.ts';
import { send } from '../../../src/demo/server/server.ts';
import { runJob } from '../../../src/pipeline.ts';
import { CrashLab } from '../../support/runs/crash-lab.ts';
import { newProcess } from '../../support/runs/new-process.ts';
import { post } from '../../support/workspaces/three-rooms.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';

const longIt = quickOrLong(it.skip, it);

interface MessageRow {
  readonly message_id: string;
  readonly room_id: string;
  readonly ts: string;
  readonly extra: string | null;
}

let lab: CrashLab;
beforeAll(async () => {
  lab = await CrashLab.open(
    [350, 3, 2],
    {
      extract: [{ endpoint: 'groups.messages', rooms: ['*'] }],
      transform: { tables: ['messages'] },
      sinks: [{ format: 'jsonl' }],
    },
    { cap: 100 },
  );
});
beforeEach(() => {
  lab.server.rules.intercept = null;
});
afterAll(() => lab.close());

const run = (archive: string): Promise<Manifest> => runJob(lab.job(archive), newProcess());

async function rowsOf(archive: string, { files }: Manifest, roomId = 'alpha'): Promise<readonly MessageRow[]> {
  const texts = await Promise.all(files.map(({ path }) => readFile(join(archive, path), 'utf8')));
  const lines = texts.flatMap((text) => text.split('\n').filter(Boolean));
  return lines.map((line) => JSON.parse(line) as MessageRow).filter(({ room_id: id }) => id === roomId);
}

const idsOf = async (archive: string, manifest: Manifest): Promise<readonly string[]> =>
  (await rowsOf(archive, manifest)).map(({ message_id: id }) => id);

/** Every page of groups.messages that holds the message is answered like this. */
function failAt(id: string, status: number, error: string): void {
  lab.server.rules.intercept = (exchange) => {
    if (exchange.endpoint !== 'groups.messages' || !exchange.reply().body.includes(`"${id}"`)) return false;
    answer(exchange, status, { success: false, error });
    return true;
  };
}

function answer({ response }: Exchange, status: number, body: object): void {
  send(response, { status, headers: { 'content-type': 'application/json' }, body: Buffer.from(JSON.stringify(body)) });
}

/** groups.messages gives the room these messages, in the order in which the server sorts their `ts`. */
function giveAlpha(messages: readonly object[]): void {
  lab.server.rules.intercept = (exchange) => {
    const { endpoint, params } = exchange;
    if (endpoint !== 'groups.messages' || params['roomId'] !== 'alpha') return false;
    const offset = Number(params['offset']);
    const page = messages.slice(offset, offset + 4);
    answer(exchange, 200, { success: true, messages: page, count: page.length, offset, total: messages.length });
    return true;
  };
}

describe('a stored message that the server fails on', () => {
  const typeError = "Cannot destructure property 'username' of 'undefined' as it is undefined.";

  it.each([[400, typeError] as const, [500, 'Internal server error'] as const].slice(0, quickOrLong(1, 2)))(
    'costs itself alone: 349 rows of 350, though every page with message 210 answers %i',
    async (status, error) => {
      await lab.withArchive(async (archive) => {
        const bad = 'alpha-000210';
        failAt(bad, status, error);
        const first = await run(archive);
        const ids = await idsOf(archive, first);
        // Of the 350 some are hidden versions.
        const all = (lab.workspace.room('alpha')?.messages ?? []).filter(({ hidden }) => !hidden).map(({ id }) => id);
        expect(ids.toSorted()).toEqual(all.filter((id) => id !== bad).toSorted());
        expect(first.gaps).toMatchObject([
          {
            room: { id: 'alpha' },
            reason: `http-${status}`,
            message: expect.stringMatching(
              /message number 202 of the room, after "alpha-\d+" \(2024-.*before "alpha-/,
            ) as unknown,
          },
        ]);

        post(lab.workspace, 'alpha', 5);
        const second = await run(archive);
        // The server tells of it as a change, as far as the room's own clock goes.
        const since = await idsOf(archive, second);
        expect(since.filter((id) => id !== bad)).toHaveLength(5);
        expect(second.gaps).toMatchObject([{ reason: `http-${status}` }]);

        lab.server.rules.intercept = null;
        const third = await run(archive);
        expect([...since, ...(await idsOf(archive, third))].filter((id) => id === bad)).toEqual([bad]);
        expect(third.gaps).toEqual([]);
        expect((await run(archive)).tables).toEqual({ messages: 0 });
        expect(await verifyArchive(archive)).toMatchObject({ differences: [] });
      });
    },
  );
});

describe('messages whose "ts" is no date', () => {
  const u = { _id: 'u', username: 'bot' };
  const dated = Array.from({ length: 9 }, (_, at) => ({
    ...{ _id: `d${at}`, u, msg: 'hello' },
    ts: new Date(Date.UTC(2024, 0, 1, 0, at)).toISOString(),
  }));
  const messages = [
    { _id: 'missing', u, msg: 'x' },
    { _id: 'null', ts: null, u, msg: 'x' },
    { _id: 'small', ts: 17, u, msg: 'x' },
    { _id: 'ms', ts: 1704067200000, u, msg: 'x' },
    { _id: 'text1', ts: '2024-01-01T00:01:40.000Z', u, msg: 'x' },
    { _id: 'micro', ts: '2024-01-01T00:02:00.123456Z', u, msg: 'x' },
    { _id: 'text2', ts: '2024-01-01T01:23:20.000Z', u, msg: 'x' },
    { _id: 'text3', ts: 'yesterday', u, msg: 'x' },
    { _id: 'ejson', ts: { $date: '2024-01-01T00:00:00.000Z' }, u, msg: 'x' },
    { ts: '2023-12-31T00:00:00.000Z', u, msg: 'without an id' },
    {
      _id: 'deep',
      ts: '2023-12-31T00:00:01.000Z',
      u,
      md: JSON.parse('['.repeat(4_000) + ']'.repeat(4_000)) as unknown,
    },
    ...dated,
  ];

  it('become rows where they can be read as a time, and gaps with their ids, once, where they cannot', async () => {
    await lab.withArchive(async (archive) => {
      giveAlpha(messages);
      const first = await run(archive);
      const rows = await rowsOf(archive, first);
      expect(rows.map(({ message_id: id }) => id)).toEqual([
        ...['ms', 'text1', 'micro', 'text2', 'ejson'],
        ...dated.map(({ _id }) => _id),
      ]);
      const times = new Map(rows.map(({ message_id: id, ts }) => [id, ts]));
      expect(times.get('ms')).toBe('2024-01-01T00:00:00.000Z');
      expect(times.get('micro')).toBe('2024-01-01T00:02:00.123Z');
      expect(times.get('ejson')).toBe('2024-01-01T00:00:00.000Z');
      expect(first.gaps.map(({ reason }) => reason)).toEqual(Array(6).fill('bad-message'));
      const told = first.gaps.map(({ message }) => message).join('\n');
      for (const id of ['missing', 'null', 'small', 'text3', 'deep']) expect(told).toContain(`"${id}"`);
      expect(told).toContain(
        'Cannot read a message without an id: "_id" should be a non-empty string, not missing; missing: message number 10 of the room, after "ejson"',
      );
      // The page that holds them stays, though the job keeps no others.
      expect(first.raw).toHaveLength(1);
      expect(String(gunzipSync(await readFile(join(archive, first.raw[0]?.path ?? ''))))).toContain('yesterday');

      const second = await run(archive);
      expect(second.gaps).toEqual([]);
      expect(second.tables).toEqual({ messages: 0 });
      expect(second.notes.join('\n')).toContain('6 messages of earlier runs make no row');
      expect(second.notes.join('\n')).toContain('number 10 (run 1)');
      expect(await verifyArchive(archive)).toMatchObject({ differences: [] });
    });
  });
});

describe('a message that makes no row, in the list and among the changes of its room', () => {
  const u = { _id: 'u', username: 'bot' };
  const sentAt = (minute: number): object => {
    const ts = new Date(Date.UTC(2024, 0, 1, 0, minute)).toISOString();
    return { ts, _updatedAt: ts, u, msg: 'hello' };
  };
  const bad = [
    { ...sentAt(50), _id: 'null', ts: null },
    { ...sentAt(51), ts: '2023-12-31T00:00:00.000Z' },
  ];
  const good = Array.from({ length: 9 }, (_, at) => ({ ...sentAt(at + 50), _id: `d${at}` }));

  /** The list of room alpha, and all of it as changed. */
  function give(messages: readonly object[]): void {
    giveAlpha(messages);
    const giveList = lab.server.rules.intercept;
    lab.server.rules.intercept = (exchange) => {
      const { endpoint, params } = exchange;
      if (endpoint !== 'chat.syncMessages' || params['roomId'] !== 'alpha') return giveList?.(exchange) ?? false;
      const updated = params['type'] === 'UPDATED' ? messages : [];
      const result = { updated, deleted: [], cursor: { next: null, previous: null } };
      answer(exchange, 200, { success: true, result });
      return true;
    };
  }

  it('is a gap once, not again when the half hour before the last run is asked for changes', async () => {
    await lab.withArchive(async (archive) => {
      give([...bad, ...good]);
      expect((await run(archive)).gaps.map(({ reason }) => reason)).toEqual(['bad-message', 'bad-message']);
      for (const again of [1, 2]) {
        post(lab.workspace, 'alpha', 1);
        const later = await run(archive);
        expect([again, later.gaps]).toEqual([again, []]);
        expect(later.notes.join('\n')).toContain('2 messages of earlier runs make no row');
        expect(later.notes.join('\n')).not.toContain('changed message');
      }
    });
  });

  it('is one gap of the run that meets it in both', async () => {
    await lab.withArchive(async (archive) => {
      give(good);
      await run(archive);
      post(lab.workspace, 'alpha', 1);
      give([...good, { ...sentAt(59), _id: '' }, { ...sentAt(60), _id: 17 }]);
      const second = await run(archive);
      expect(second.gaps.map(({ endpoint }) => endpoint)).toEqual(['groups.messages', 'groups.messages']);
      post(lab.workspace, 'alpha', 1);
      const third = await run(archive);
      expect(third.gaps).toEqual([]);
      expect(third.notes.join('\n')).not.toContain('changed message');
    });
  });

  it('is a gap again when it has changed since', async () => {
    await lab.withArchive(async (archive) => {
      give([...bad, ...good]);
      await run(archive);
      post(lab.workspace, 'alpha', 1);
      give([{ ...bad[0], ...{ _updatedAt: '2024-01-01T02:00:00.000Z' } }, ...bad.slice(1), ...good]);
      expect((await run(archive)).gaps).toMatchObject([{ endpoint: 'chat.syncMessages', reason: 'bad-message' }]);
    });
  });
});

describe('a bad message in a room that only its history shows', () => {
  longIt('costs itself alone, and is a gap once', async () => {
    const room = lab.workspace.room('alpha');
    if (room === undefined) throw new Error('There is no room "alpha"');
    room.archived = true;
    try {
      await lab.withArchive(async (archive) => {
        lab.server.rules.intercept = (exchange) => {
          if (exchange.endpoint !== 'groups.history') return false;
          const { status, headers, body } = exchange.reply();
          const told = body.toString().replace('"_id":"alpha-000040"', '"_id":null');
          send(exchange.response, { status, headers, body: Buffer.from(told) });
          return true;
        };
        const first = await run(archive);
        expect(first.gaps).toMatchObject([{ room: { id: 'alpha' }, reason: 'bad-message' }]);
        const ids = await idsOf(archive, first);
        expect(ids).toContain('alpha-000039');
        expect(ids).toContain('alpha-000041');
        expect(first.raw).toHaveLength(1);
        expect((await run(archive)).gaps).toEqual([]);
      });
    } finally {
      room.archived = false;
    }
  });
});

describe('an empty answer for a room of which the room list counts messages', () => {
  it('is asked for again, then a gap, and read when the messages come', async () => {
    await lab.withArchive(async (archive) => {
      giveAlpha([]);
      const first = await run(archive);
      expect(first.gaps).toMatchObject([{ room: { id: 'alpha' }, reason: 'empty-answer' }]);
      lab.server.rules.intercept = null;
      const second = await run(archive);
      expect(second.gaps).toEqual([]);
      expect((await idsOf(archive, second)).length).toBeGreaterThan(300);
    });
  });
});
