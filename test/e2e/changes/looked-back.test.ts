import { describe, expect, it } from '@jest/globals';
import type { Manifest } from '../../../src/archive/manifest/manifest.ts';
import { resetState } from '../../../src/archive/stored-state/state-links.ts';
import type { Exchange } from '../../../src/demo/server/exchange.ts';
import { nodeDisk } from '../../../src/system/disk.ts';
import { inflict, type Fault } from '../../support/network/faults.ts';
import { smallStartMs } from '../../support/workspaces/small-workspace.ts';
import { timeOf, withChangingArchive, type ChangingArchive } from '../../support/runs/changing-archive.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';

const longIt = quickOrLong(it.skip, it);

const day = 86_400;

const json = (status: number, body: unknown): Fault => ({
  ...{ kind: 'answer', status, contentType: 'application/json' },
  body: JSON.stringify(body),
});

const refused = json(403, { success: false, error: 'unauthorized' });
const broken = json(400, { success: false, error: "Cannot destructure property 'username' of 'undefined'." });

const isRefused = ({ endpoint }: Exchange): boolean => endpoint === 'chat.syncMessages';

const breaks = (id: string, exchange: Exchange): boolean =>
  exchange.endpoint === 'groups.messages' && exchange.reply().body.includes(`"${id}"`);

const changed = async (archive: ChangingArchive, manifest: Manifest): Promise<readonly string[]> =>
  (await archive.rows(manifest)).map(({ op, message_id: id }) => `${String(op)} ${String(id)}`).toSorted();

describe('a message that breaks every page of a room whose messages are read once more', () => {
  it('keeps no edit or deletion from being found, night after night, where the list of changes is refused', () => {
    const nights = quickOrLong(2, 3);
    return withChangingArchive('8.8', {}, async (archive) => {
      archive.served.rules.intercept = inflict((exchange) => {
        if (isRefused(exchange)) return refused;
        return breaks('ops-9', exchange) ? broken : null;
      });
      for (let night = 1; night <= nights; night += 1) {
        archive.edit('ops-4', night * day - 2, { msg: `edited in night ${night}` });
        archive.remove(`ops-${20 + night}`, night * day - 1);
        archive.post(`ops-new-${night}`, night * day);
        const manifest = await archive.run(night * day + 1);
        expect(await changed(archive, manifest)).toEqual([
          `delete ops-${20 + night}`,
          'upsert ops-4',
          `upsert ops-new-${night}`,
        ]);
        expect(manifest.gaps).toMatchObject([{ reason: 'http-400' }]);
        expect(manifest.gaps[0]?.message).toContain('after "ops-8"');
      }
      archive.served.rules.intercept = inflict((exchange) => (isRefused(exchange) ? refused : null));
      archive.edit('ops-9', nights * day + 2, { msg: 'healed' });
      archive.post('ops-last', nights * day + 3);
      const manifest = await archive.run((nights + 1) * day);
      expect([await changed(archive, manifest), manifest.gaps]).toEqual([['upsert ops-9', 'upsert ops-last'], []]);
    });
  });

  longIt('leaves its own edit to the list of changes, when that is refused no more', () =>
    withChangingArchive('8.8', {}, async (archive) => {
      archive.served.rules.intercept = inflict((exchange) => {
        if (isRefused(exchange)) return refused;
        return breaks('ops-9', exchange) ? broken : null;
      });
      archive.edit('ops-9', day, { msg: 'edited' });
      archive.post('ops-new', day + 7_200);
      expect(await changed(archive, await archive.run(day + 7_201))).toEqual(['upsert ops-new']);
      archive.served.rules.intercept = null;
      expect(await changed(archive, await archive.run(2 * day))).toEqual(['upsert ops-9']);
      expect((await archive.run(3 * day)).files).toEqual([]);
    }),
  );

  longIt(
    'lets a room whose length is not what is known of it be compared, and its changes be read again afterwards',
    () =>
      withChangingArchive('8.8', {}, async (archive) => {
        // Where the workspace keeps the history of messages nobody reports that this one was deleted.
        archive.edit('ops-3', day, { _hidden: true });
        archive.post('ops-new', day + 1);
        await archive.run(day + 2);
        archive.served.rules.intercept = inflict((exchange) => (breaks('ops-9', exchange) ? broken : null));
        archive.edit('ops-4', 2 * day, { msg: 'edited' });
        archive.post('ops-newer', 2 * day + 1);
        expect(await changed(archive, await archive.run(2 * day + 2))).toEqual([
          'delete ops-3',
          'upsert ops-4',
          'upsert ops-newer',
        ]);
        archive.edit('ops-4', 3 * day, { msg: 'edited again' });
        archive.post('ops-newest', 3 * day + 1);
        expect(await changed(archive, await archive.run(3 * day + 2))).toEqual(['upsert ops-4', 'upsert ops-newest']);
      }),
  );
});

describe('a message that is older than the lookback, in a room whose list of changes was refused for some nights,', () => {
  it('has its edit, reaction and deletion in the archive once the list can be read again (regression: lost for good)', () =>
    withChangingArchive('8.8', {}, async (archive) => {
      const night = 20 * day;
      archive.served.rules.intercept = inflict((exchange) => (isRefused(exchange) ? refused : null));
      archive.edit('ops-4', night, { msg: 'edited' });
      archive.remove('ops-5', night);
      archive.post('ops-new', night);
      archive.post('ops-newer', night);
      await archive.run(night + 7_200);
      archive.edit('ops-6', night + day, { reactions: { ':wave:': { usernames: ['marc'] } } });
      archive.edit('ops-new', night + day, { msg: 'edited' });
      archive.remove('ops-newer', night + day);
      const looked = await archive.run(night + day + 7_200);
      expect(await changed(archive, looked)).toEqual(['delete ops-newer', 'upsert ops-new']);
      archive.served.rules.intercept = null;
      archive.post('ops-last', night + 2 * day);
      const manifest = await archive.run(night + 2 * day + 7_200);
      expect(await changed(archive, manifest)).toEqual([
        'delete ops-5',
        'upsert ops-4',
        'upsert ops-6',
        'upsert ops-last',
      ]);
      expect((await archive.run(night + 3 * day)).files).toEqual([]);
    }));
});

describe('a room that is read again from its beginning, while its list of changes is refused,', () => {
  longIt('loses in the same run the message that was deleted meanwhile', () =>
    withChangingArchive('8.8', {}, async (archive) => {
      archive.served.rules.intercept = inflict((exchange) => (isRefused(exchange) ? refused : null));
      archive.remove('ops-9', day);
      archive.post('ops-new', day);
      await resetState(nodeDisk, archive.job().output, timeOf(day), () => 'all');
      const rows = await changed(archive, await archive.run(day + 1));
      expect(rows.filter((row) => !row.startsWith('upsert'))).toEqual(['delete ops-9']);
      expect((await archive.run(2 * day)).files).toEqual([]);
      expect((await archive.run(3 * day)).files).toEqual([]);
    }),
  );
});

describe('a message that makes no row, in a room whose list of changes is refused,', () => {
  longIt('is a gap once and a note afterwards, and keeps no other change from being found', () =>
    withChangingArchive('8.8', {}, async (archive) => {
      archive.served.rules.intercept = inflict((exchange) => (isRefused(exchange) ? refused : null));
      archive.edit('ops-9', day, { deep: nested(600) });
      const found: unknown[] = [];
      for (let night = 1; night < 4; night += 1) {
        archive.edit('ops-4', night * day + 1, { msg: `edited in night ${night}` });
        archive.post(`ops-new-${night}`, night * day + 2);
        const manifest = await archive.run(night * day + 3);
        expect(await changed(archive, manifest)).toEqual(['upsert ops-4', `upsert ops-new-${night}`]);
        const isNoted = manifest.notes.some((note) => note.includes('"ops-9" (run 2)'));
        found.push([manifest.gaps.map(({ reason }) => reason), isNoted, manifest.raw.length]);
      }
      expect(found).toEqual([
        [['bad-message'], false, 1],
        [[], true, 0],
        [[], true, 0],
      ]);
    }),
  );
});

describe('a message whose `ts` is no date, which stands before all that have one,', () => {
  const odd = [
    ['a number', smallStartMs + 50_000, 'the list of changes is refused', 1],
    ['a number', smallStartMs + 50_000, 'the list of changes is refused', 150],
    ['a text', timeOf(50), 'the list of changes is refused', 1],
    ['a text', timeOf(50), 'the length of the list is not what is known of it', 1],
  ] as const;
  it.each(quickOrLong(odd.slice(0, 1), [...odd]))(
    'is no deleted one, as %s (%p), where %s (%i messages in the way)',
    (_, ts, why, others) =>
      withChangingArchive('8.8', {}, async (archive) => {
        for (let at = 0; at < others; at += 1) archive.post(`ops-old-${at}`, 100 + at);
        archive.post('ops-odd', 50, { ts: ts as never });
        archive.served.rules.intercept = inflict((exchange) => {
          if (isRefused(exchange)) return why.includes('refused') ? refused : null;
          return exchange.endpoint === 'groups.messages' ? json(200, page(archive, exchange)) : null;
        });
        await resetState(nodeDisk, archive.job().output, timeOf(0), () => 'all');
        await archive.run(day);
        for (const at of [2, 3]) archive.edit(`ops-${at}`, day + 1, { _hidden: true });
        archive.post('ops-new', day + 2);
        const first = await archive.run(day + 3);
        archive.post('ops-newer', day + 4);
        const second = await archive.run(day + 5);
        const rows = [...(await changed(archive, first)), ...(await changed(archive, second))].toSorted();
        expect(rows).toEqual(['delete ops-2', 'delete ops-3', 'upsert ops-new', 'upsert ops-newer']);
      }),
  );
});

function nested(levels: number): unknown {
  let value: unknown = 'core';
  for (let left = levels; left > 0; left -= 1) value = [value];
  return value;
}

/** In the order of BSON: numbers, texts, dates. Which texts are dates only the store knows. */
function page(archive: ChangingArchive, { params }: Exchange): unknown {
  const rank = ({ _id, ts }: { readonly _id: string; readonly ts: unknown }): number =>
    typeof ts === 'number' ? 0 : _id === 'ops-odd' ? 1 : 2;
  const documents = archive
    .room()
    .messages.filter(({ hidden }) => !hidden)
    .map((message) => message.document())
    .toSorted((a, b) => rank(a) - rank(b) || a.ts.localeCompare(b.ts) || a._id.localeCompare(b._id));
  const offset = Number(params['offset']);
  const messages = documents.slice(offset, offset + Math.min(100, Number(params['count'])));
  return { messages, count: messages.length, offset, total: documents.length, success: true };
}
