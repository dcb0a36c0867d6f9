import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Manifest } from '../../../src/archive/manifest/manifest.ts';
import { send } from '../../../src/demo/server/server.ts';
import { runJob } from '../../../src/pipeline.ts';
import { CrashLab } from '../../support/runs/crash-lab.ts';
import { newProcess } from '../../support/runs/new-process.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';

let lab: CrashLab;
beforeAll(async () => {
  lab = await CrashLab.open(
    [3, 3, 2],
    {
      extract: [{ endpoint: 'groups.messages', rooms: ['*'] }],
      transform: { tables: ['messages'] },
      sinks: [{ format: 'jsonl' }],
    },
    { cap: 100 },
  );
});
afterAll(() => lab.close());

const messages = Array.from({ length: 60 }, (_, at) => ({
  ...{ _id: `d${at}`, rid: 'alpha', u: { _id: 'u', username: 'bot' }, msg: 'hello' },
  ts: new Date(Date.UTC(2024, 0, 1, 0, at)).toISOString(),
}));

/** What a run makes of a room of 60 messages, 25 a page, when each page is written like this. */
async function readAs(write: (page: string) => string): Promise<{ ids: readonly string[]; manifest: Manifest }> {
  return lab.withArchive(async (archive) => {
    lab.server.rules.intercept = ({ endpoint, params, response }) => {
      if (endpoint !== 'groups.messages' || params['roomId'] !== 'alpha') return false;
      const [offset, count] = [Number(params['offset']), Number(params['count'])];
      const page = messages.slice(offset, count === 0 ? undefined : offset + Math.min(25, count));
      const headers = { 'content-type': 'application/json' };
      send(response, { status: 200, headers, body: Buffer.from(write(JSON.stringify(page))) });
      return true;
    };
    const manifest = await runJob(lab.job(archive), newProcess());
    const texts = await Promise.all(manifest.files.map(({ path }) => readFile(join(archive, path), 'utf8')));
    const rows = texts.flatMap((text) => text.split('\n').filter(Boolean));
    const ids = rows
      .map((row) => JSON.parse(row) as { readonly message_id: string; readonly room_id: string })
      .flatMap(({ message_id: id, room_id: roomId }) => (roomId === 'alpha' ? [id] : []));
    expect(manifest.tables).toEqual({ messages: ids.length + 5 });
    return { ids, manifest };
  });
}

const allIds = messages.map(({ _id }) => _id);
const page = (rows: string, rest: string): string => `{"messages":${rows},${rest},"success":true}`;

/** The times of the first ten messages. */
const firstTen = /"ts":"[^"]+00:0[0-9]:[^"]+"/g;

describe('a page in JSON that no Rocket.Chat writes', () => {
  const totals: readonly (readonly [string, string])[] = [
    ['60,"total":1', 'told twice, at last too low'],
    ['9007199254740991', 'higher than anybody can count'],
    ['-0', 'told as -0'],
    ['1,"total":60', 'told twice, at last rightly'],
  ];
  it.each(totals.slice(0, quickOrLong(2, totals.length)))('is read whole where "total" is %s (%s)', async (total) => {
    const { ids, manifest } = await readAs((rows) => page(rows, `"total":${total}`));
    expect(ids).toEqual(allIds);
    expect(manifest.gaps).toEqual([]);
  });

  it.each([
    ['"60"', '"60"'],
    ['1e400', 'null'],
    ['60.5', '60.5'],
    ['-7', '-7'],
  ])(
    'is a gap of its room where "total" is %s (regression: -7 ended the run, and cost all rooms)',
    async (total, told) => {
      const { ids, manifest } = await readAs((rows) => page(rows, `"total":${total}`));
      expect(ids).toEqual([]);
      expect(manifest.gaps).toMatchObject([
        {
          reason: 'wire',
          message: `Cannot read room "alpha-room": "total" of groups.messages is ${told}, expected a whole number from 0`,
        },
      ]);
    },
  );

  it('is what its last "messages" says: all of them, or a gap', async () => {
    const last = await readAs((rows) => `{"messages":[],"total":60,"messages":${rows}}`);
    expect(last.ids).toEqual(allIds);
    expect(last.manifest.gaps).toEqual([]);
    const none = await readAs((rows) => page(rows, '"total":60,"messages":[]'));
    expect(none.ids).toEqual([]);
    expect(none.manifest.gaps).toMatchObject([{ reason: 'empty-answer' }]);
    const one = await readAs((rows) => {
      const [first] = JSON.parse(rows) as readonly unknown[];
      return page(rows, `"total":60,"messages":${JSON.stringify(first === undefined ? [] : [first])}`);
    });
    expect(one.manifest.gaps).toMatchObject([{ reason: 'page-cap' }]);
  });

  it('takes the last of two ids of a message', async () => {
    const { ids } = await readAs((rows) => page(rows.replaceAll('"_id":"d', '"_id":"x","_id":"d'), '"total":60'));
    expect(ids).toEqual(allIds);
  });

  it('makes a row of a time with more digits than a double has (regression: lost, and no gap)', async () => {
    const { ids, manifest } = await readAs((rows) =>
      page(rows.replaceAll(firstTen, '"ts":1704067200000.00000000001'), '"total":60'),
    );
    expect(ids.toSorted()).toEqual(allIds.toSorted());
    expect(manifest.gaps).toEqual([]);
  });

  it('costs nothing but the messages whose time is no number that a double holds (regression: a gap of the room)', async () => {
    const { ids, manifest } = await readAs((rows) => page(rows.replaceAll(firstTen, '"ts":1e400'), '"total":60'));
    expect(ids).toEqual(allIds.slice(10));
    expect(manifest.gaps.map(({ reason }) => reason)).toEqual(Array(10).fill('bad-message'));
  });
});
