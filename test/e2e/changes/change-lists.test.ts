import { describe, expect, it } from '@jest/globals';
import { inflict } from '../../support/network/faults.ts';
import { messagesAtStart, timeOf, withChangingArchive, type Row } from '../../support/runs/changing-archive.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';

const longIt = quickOrLong(it.skip, it);

const idAndOp = ({ message_id, op }: Row): unknown => [message_id, op];

describe('messages deleted in another order than that of their last edits', () => {
  it('become tombstones in the next run, beside the edits of that day, and no gap', async () => {
    await withChangingArchive('8.8', {}, async (archive) => {
      archive.edit('ops-9', 1_100, { msg: 'edited' });
      archive.remove('ops-20', 1_101);
      archive.remove('ops-10', 1_102);
      archive.post('ops-new', 1_103);
      const manifest = await archive.run(1_200);
      expect(manifest.gaps).toEqual([]);
      expect((await archive.rows(manifest)).map(idAndOp).toSorted()).toEqual([
        ['ops-10', 'delete'],
        ['ops-20', 'delete'],
        ['ops-9', 'upsert'],
        ['ops-new', 'upsert'],
      ]);
      // And the room, which has nothing new to say, is asked for nothing again.
      expect(await archive.run(1_300)).toMatchObject({ lists: [], changes: [] });
    });
  });
});

describe('one of the two lists of changes that cannot be read', () => {
  it.each(
    [
      ['DELETED', ['ops-9', 'upsert'], ['ops-10', 'delete']] as const,
      ['UPDATED', ['ops-10', 'delete'], ['ops-9', 'upsert']] as const,
    ].slice(0, quickOrLong(1, 2)),
  )('(%s) is a gap; the other is exported, once, and the first as soon as it can be read', async (list, now, later) => {
    await withChangingArchive('8.8', {}, async (archive) => {
      archive.edit('ops-9', 1_100, { msg: 'edited' });
      archive.remove('ops-10', 1_101);
      archive.post('ops-new', 1_102);
      archive.served.rules.intercept = inflict(({ params }) =>
        params['type'] === list
          ? {
              kind: 'answer',
              status: 400,
              contentType: 'application/json',
              body: '{"success":false,"error":"Query failed to complete"}',
            }
          : null,
      );
      const manifest = await archive.run(1_200);
      expect(manifest.gaps).toMatchObject([{ endpoint: 'chat.syncMessages', room: { name: 'ops' } }]);
      expect((await archive.rows(manifest)).map(idAndOp).toSorted()).toEqual([now, ['ops-new', 'upsert']].toSorted());
      archive.served.rules.intercept = null;
      const healed = await archive.run(1_300);
      expect(healed.gaps).toEqual([]);
      expect((await archive.rows(healed)).map(idAndOp)).toEqual([later]);
    });
  });
});

describe('more edits of one millisecond than a page', () => {
  longIt('come in one answer', async () => {
    await withChangingArchive('8.8', {}, async (archive) => {
      for (let at = 0; at < messagesAtStart; at += 1) archive.edit(`ops-${at}`, 1_100, { msg: 'stamped' });
      // No page of this server holds them: it cuts each to ten rows.
      let asked = 0;
      archive.served.rules.intercept = inflict((exchange) => {
        if (exchange.params['type'] !== 'UPDATED') return null;
        asked += 1;
        const { result } = JSON.parse(exchange.reply().body.toString()) as { result: { updated: unknown[] } };
        const updated = result.updated.slice(0, 10);
        const cursor = { next: String(Date.parse(timeOf(1_100))), previous: null };
        const body = JSON.stringify({ result: { updated, deleted: [], cursor }, success: true });
        return { kind: 'answer', status: 200, contentType: 'application/json', body };
      });
      const manifest = await archive.run(1_200, { everyRoom: true });
      expect(manifest.gaps).toEqual([]);
      expect(await archive.rows(manifest)).toHaveLength(messagesAtStart);
      expect(asked).toBe(10);
      expect(archive.served.requests.filter(({ params }) => 'lastUpdate' in params)).toHaveLength(1);
    });
  });
});

describe('an edited message whose `ts` is nothing that can be read as a time', () => {
  longIt('is a gap of its own, once; the other edits and the deletions of the room are exported', async () => {
    await withChangingArchive('8.8', {}, async (archive) => {
      for (const id of ['ops-8', 'ops-9', 'ops-10']) archive.edit(id, 1_100, { msg: 'edited' });
      archive.remove('ops-20', 1_101);
      archive.served.rules.intercept = inflict((exchange) => {
        if (exchange.params['type'] !== 'UPDATED') return null;
        const body = JSON.parse(exchange.reply().body.toString()) as { result: { updated: { _id: string }[] } };
        const updated = body.result.updated.map((one) => (one._id === 'ops-9' ? { ...one, ts: null } : one));
        const text = JSON.stringify({ ...body, result: { ...body.result, updated } });
        return { kind: 'answer', status: 200, contentType: 'application/json', body: text };
      });
      const manifest = await archive.run(1_200);
      expect(manifest.gaps).toMatchObject([{ reason: 'bad-message', room: { name: 'ops' } }]);
      expect(manifest.gaps[0]?.message).toContain('"ops-9"');
      expect(manifest.raw).toHaveLength(1);
      expect((await archive.rows(manifest)).map(idAndOp).toSorted()).toEqual([
        ['ops-10', 'upsert'],
        ['ops-20', 'delete'],
        ['ops-8', 'upsert'],
      ]);
      archive.post('ops-later', 9_000);
      const later = await archive.run(9_100);
      expect(later.gaps).toEqual([]);
      const note = 'Room "ops": 1 changed message of earlier runs could not be read: "ops-9" (run 2)';
      expect(later.notes.filter((one) => one.startsWith(note))).toHaveLength(1);

      archive.served.rules.intercept = null;
      archive.edit('ops-9', 19_000, { msg: 'edited once more' });
      archive.post('ops-more', 19_050);
      await archive.run(19_100);
      archive.post('ops-last', 29_000);
      expect((await archive.run(29_100)).notes.join()).not.toContain('could not be read');
    });
  });
});

describe('an edited message that breaks every page of changes it is on', () => {
  longIt('is a gap of its own, once; the edits before and behind it are exported', async () => {
    await withChangingArchive('8.8', {}, async (archive) => {
      for (const at of [7, 8, 9, 10, 11]) archive.edit(`ops-${at}`, 1_100 + at, { msg: 'edited' });
      archive.served.rules.intercept = inflict((exchange) => {
        if (exchange.params['type'] !== 'UPDATED' || !exchange.reply().body.includes('"ops-9"')) return null;
        const error = "Cannot destructure property 'username' of 'undefined' as it is undefined.";
        const body = JSON.stringify({ success: false, error });
        return { kind: 'answer', status: 400, contentType: 'application/json', body };
      });
      const manifest = await archive.run(1_200, { everyRoom: true });
      expect(manifest.gaps).toMatchObject([{ reason: 'http-400', room: { name: 'ops' } }]);
      expect((await archive.rows(manifest)).map(({ message_id }) => message_id).toSorted()).toEqual(
        ['ops-7', 'ops-8', 'ops-10', 'ops-11'].toSorted(),
      );
      archive.post('ops-later', 9_000);
      await archive.run(9_100);
      archive.post('ops-last', 19_000);
      expect((await archive.run(19_100)).gaps).toEqual([]);
    });
  });
});
