import { describe, expect, it } from '@jest/globals';
import { RoomError } from '../../../src/errors.ts';
import { readHistory } from '../../../src/extract/history/read-history.ts';
import type { ReadStep } from '../../../src/extract/read-step.ts';
import { fromTheBeginning, type Cursor } from '../../../src/model/stream.ts';
import { sampleHole } from '../../support/plans/sample-outcome.ts';
import { readTo } from '../../support/plans/sample-stream.ts';

const atMs = (minute: number): number => Date.UTC(2024, 0, 1, 10, minute);
const iso = (minute: number): string => new Date(atMs(minute)).toISOString();
const message = (minute: number, fields: object = {}): object => ({ _id: `m${minute}`, ts: iso(minute), ...fields });

type Options = Omit<Parameters<typeof readHistory>[0], 'chat' | 'endpoint' | 'room' | 'cursor'> & {
  readonly cursor?: Cursor;
};

/** Reads the room "ops", whose messages by minute are these, newest first; of them the first few answers show none. */
async function read(
  stored: readonly object[],
  { cursor = fromTheBeginning, ...options }: Options = {},
  emptyAnswers = 0,
) {
  const asked: (readonly [string, object, string | undefined])[] = [];
  const pages: Buffer[] = [];
  const get = (endpoint: string, query: Readonly<Record<string, string | number>>, extent?: 'outline') => {
    if (asked.push([endpoint, query, extent]) > 100) throw new Error('The reading has not ended');
    const latest = query['latest'];
    const shown = asked.length > emptyAnswers ? stored : [];
    const later = shown.filter((row) => 'ts' in row && (latest === undefined || String(row.ts) <= String(latest)));
    const offset = Number(query['offset'] ?? 0);
    const value = { messages: later.slice(offset, offset + Number(query['count'])), success: true };
    if (JSON.stringify(value).includes('"fails"')) return Promise.reject(new RoomError('http-500', 'The server fails'));
    pages.push(Buffer.from(JSON.stringify(value)));
    return Promise.resolve({ value, extent: 'whole' as const, body: pages.at(-1) ?? Buffer.of() });
  };
  const steps: ReadStep[] = [];
  const reading = readHistory({
    ...{ chat: { get: get as never }, endpoint: 'groups.history', room: { id: 'r1', name: 'ops' }, cursor },
    ...options,
  });
  for (;;) {
    const { value, done } = await reading.next();
    if (done === true) return { steps, asked, pages, cursor: value };
    steps.push(value);
  }
}

/** Ids that the records of pages take, in the order of the journal. */
const takenIn = ({ steps }: Awaited<ReturnType<typeof read>>): readonly string[] =>
  steps.flatMap((step) => {
    if (step.kind !== 'page') return [];
    const { from, to, skip } = step.record;
    const { messages } = JSON.parse(Buffer.from(step.body).toString()) as { messages: { _id: string }[] };
    return messages.flatMap(({ _id }, at) => (at >= from && at < to && !skip.includes(at) ? [_id] : []));
  });

const holesIn = ({ steps }: Awaited<ReturnType<typeof read>>) =>
  steps.flatMap((step) => (step.kind === 'hole' ? [step] : []));

describe('readHistory', () => {
  it('asks for the newest first, then for what is at or before the last, replies in threads included', async () => {
    const { asked } = await read([message(9), message(8), message(7)], { pageSize: 2 });
    const query = { roomId: 'r1', count: 2, showThreadMessages: 'true' };
    // Whatever is named here is sent, and be it undefined.
    expect(asked[0]).toStrictEqual(['groups.history', query, 'outline']);
    expect(asked[1]).toStrictEqual(['groups.history', { ...query, latest: iso(8), inclusive: 'true' }, 'outline']);
  });

  it('journals each page with what was asked, what of it counts, and where a walk that is cut goes on', async () => {
    const done = await read([message(9), message(8, { _hidden: true }), message(7)], { listRows: 3 });
    expect(done.steps).toEqual([
      {
        kind: 'page',
        body: done.pages[0],
        record: {
          asked: { kind: 'latest', latestMs: null, count: 1_000 },
          ...{ rows: 3, total: null, from: 0, to: 2, skip: [], versions: 1, repaired: 0 },
          ...{ first: { id: 'm9', ts: iso(9) }, last: { id: 'm8', ts: iso(8) } },
          cursor: { watermark: { tsMs: atMs(7), id: null }, offset: 0, deliveredIds: [] },
        },
      },
      expect.objectContaining({ kind: 'page' }),
    ]);
    expect(takenIn(done)).toEqual(['m9', 'm8', 'm7']);
    // The next run looks once more at the last minute.
    expect(done.cursor).toMatchObject({ watermark: { tsMs: atMs(8) }, offset: 1, deliveredIds: ['m9'] });
  });

  it('reads from the end of a period downwards, and nothing where that was read', async () => {
    const stored = [message(9), message(8), message(7), message(6)];
    const done = await read(stored, { untilMs: atMs(8) });
    expect(takenIn(done)).toEqual(['m7', 'm6']);
    expect(done.asked[0]?.[1]).toMatchObject({ latest: new Date(atMs(8) - 1).toISOString() });
    const known = readTo(atMs(8));
    const nothing = await read(stored, { untilMs: atMs(8), cursor: known });
    expect([nothing.steps, nothing.asked, nothing.cursor]).toEqual([[], [], known]);
    // A walk that was cut goes on at its edge.
    const edge = { ms: atMs(6), deliveredIds: [] };
    expect(takenIn(await read(stored, { untilMs: atMs(8), edge }))).toEqual(['m6']);
  });

  it('notes a row that makes no message, and holds it where it is in no journal', async () => {
    const bad = { _id: 5, ts: iso(8) };
    const beside = await read([message(9), bad, message(7)], { listRows: 3 });
    expect(takenIn(beside)).toEqual(['m9', 'm7']);
    expect(holesIn(beside)).toMatchObject([
      {
        cursor: fromTheBeginning,
        hole: {
          ...{ reason: 'bad-message', offset: 1, rows: 1 },
          ...{ after: { tsMs: atMs(7), id: 'm7' }, before: { tsMs: atMs(9), id: 'm9' } },
        },
      },
    ]);
    expect(holesIn(beside)[0]?.body).toHaveLength(0);
    expect(beside.steps[1]).toMatchObject({ record: { skip: [1], last: { id: 'm9' }, versions: 0 } });
    const alone = await read([bad], { listRows: 1 });
    expect(holesIn(alone)).toMatchObject([{ hole: { offset: 0, after: null, before: null }, body: alone.pages[0] }]);
  });

  it('says where in the list a row stood that makes no message, on any page', async () => {
    const bad = { _id: 5, ts: iso(7) };
    const second = await read([message(9), message(8), bad, message(6)], { pageSize: 3, listRows: 4 });
    expect(takenIn(second)).toEqual(['m9', 'm8', 'm6']);
    expect(holesIn(second)).toMatchObject([{ hole: { reason: 'bad-message', offset: 1 } }]);
    const hole = sampleHole({
      offset: 6,
      rows: 3,
      after: { tsMs: atMs(4), id: 'm4' },
      before: { tsMs: atMs(8), id: 'm8' },
    });
    const known = [message(8), bad, message(6), message(5), message(4)];
    const filled = await read(known, { holes: [hole], cursor: readTo(atMs(8), ['m8']) });
    expect(takenIn(filled)).toEqual(['m6', 'm5']);
    expect(holesIn(filled)).toMatchObject([{ hole: { reason: 'bad-message', offset: 8 } }]);
  });

  it('passes over what was taken and over what makes no message, in the order of the page', async () => {
    const cursor = { watermark: { tsMs: atMs(6), id: null }, offset: 0, deliveredIds: ['m7'] };
    const done = await read([message(9), { _id: 5, ts: iso(8) }, message(7), message(6)], { cursor });
    expect(takenIn(done)).toEqual(['m9']);
    expect(done.steps.at(-1)).toMatchObject({ record: { from: 0, to: 3, skip: [1, 2] } });
  });

  it('reads around a message that the server fails on', async () => {
    const done = await read([message(9), message(8, { msg: 'fails' }), message(7)], { listRows: 3 });
    expect(takenIn(done)).toEqual(['m9', 'm7']);
    expect(holesIn(done)).toMatchObject([
      { hole: { reason: 'http-500', offset: 1, rows: 1, after: { id: 'm7' }, before: { id: 'm9' } } },
    ]);
    expect(holesIn(done)[0]?.body).toHaveLength(0);
    expect(done.asked.some(([, query]) => 'offset' in query)).toBe(true);
  });

  it('gets across the newest message, too, and passes over no rows where there are none', async () => {
    const done = await read([message(9, { msg: 'fails' }), message(8), message(7)], { listRows: 3 });
    expect(takenIn(done)).toEqual(['m8', 'm7']);
    expect(holesIn(done)).toMatchObject([{ hole: { offset: 2, rows: 1, after: { id: 'm8' }, before: null } }]);
    expect(done.asked.filter(([, query]) => 'offset' in query && query.offset === 0)).toEqual([]);
  });

  it('fills a place that an earlier run could not read, before it reads on, and says which', async () => {
    const [after, before] = [
      { tsMs: atMs(6), id: 'm6' },
      { tsMs: atMs(8), id: 'm8' },
    ];
    const hole = sampleHole({ offset: 6, after, before });
    const stored = [message(9), message(8), message(7), message(6)];
    const cursor = readTo(atMs(8), ['m8']);
    const done = await read(stored, { holes: [hole], cursor });
    expect(takenIn(done)).toEqual(['m7', 'm9']);
    expect(done.steps[0]).toMatchObject({ kind: 'page', record: { fills: { after, before } } });
    expect(done.steps.slice(1).every((step) => step.kind === 'page' && !('fills' in step.record))).toBe(true);
    const still = await read(
      stored.map((row) => ('_id' in row && row._id === 'm7' ? { ...row, msg: 'fails' } : row)),
      { holes: [hole], cursor },
    );
    expect(holesIn(still)).toMatchObject([{ hole: { offset: 6, after, before }, cursor }]);
    expect(takenIn(still)).toEqual(['m9']);
  });

  it('believes that a room is empty which the room list says is not only when it is told twice', async () => {
    const empty = read([], { countedRows: 5 });
    await expect(empty).rejects.toMatchObject({ reason: 'empty-answer' });
    expect((await read([], { countedRows: 0 })).asked).toHaveLength(1);
    // Of a period nobody has counted.
    expect((await read([], { countedRows: 5, untilMs: atMs(8) })).steps).toEqual([]);
  });

  it('asks once more where an answer without messages may be a mistake, and believes the second', async () => {
    const done = await read([message(9), message(8)], { countedRows: 2 }, 1);
    expect(takenIn(done)).toEqual(['m9', 'm8']);
    expect((await read([message(9), message(8)], { countedRows: 2 })).asked).toHaveLength(2);
  });

  it('says what the server says where no message can be read, not that there is none', async () => {
    const failing = read([message(9, { msg: 'fails' })], { countedRows: 1, listRows: 1 });
    await expect(failing).rejects.toMatchObject({ reason: 'http-500', message: 'The server fails' });
  });

  it('names nothing but what it took beside a hole at the end of a period', async () => {
    const stored = [{ _id: 'x', ts: new Date(atMs(9) - 1).toISOString() }, message(8, { msg: 'fails' }), message(7)];
    const [page] = (await read(stored, { untilMs: atMs(9) })).steps;
    expect(page).toMatchObject({ record: { cursor: { watermark: { tsMs: atMs(9) - 1 }, deliveredIds: ['x'] } } });
  });

  it('takes no answer without messages for a page, and no refusal for a place that cannot be read', async () => {
    const answering = (get: () => Promise<unknown>) =>
      readHistory({
        ...{ chat: { get: get as never }, endpoint: 'groups.history', room: { id: 'r1', name: 'ops' } },
        cursor: fromTheBeginning,
      }).next();
    const answer = { value: { success: true }, extent: 'whole', body: Buffer.from('{}') };
    await expect(answering(() => Promise.resolve(answer))).rejects.toMatchObject({
      reason: 'wire',
      message: 'Cannot read room "ops": groups.history responded without "messages"',
    });
    const refusal = new RoomError('not-allowed', 'Not allowed');
    await expect(answering(() => Promise.reject(refusal))).rejects.toBe(refusal);
  });
});
