import { describe, expect, it } from '@jest/globals';
import type { Manifest } from '../../../src/archive/manifest/manifest.ts';
import { resetState } from '../../../src/archive/stored-state/state-links.ts';
import { nodeDisk } from '../../../src/system/disk.ts';
import type { Exchange } from '../../../src/demo/server/exchange.ts';
import type { MessageDocument } from '../../../src/demo/workspace/message-document.ts';
import { storeMessage } from '../../../src/demo/workspace/stored-message.ts';
import { backUp, restore } from '../../support/workspaces/backup.ts';
import { inflict } from '../../support/network/faults.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';
import { smallStartMs } from '../../support/workspaces/small-workspace.ts';
import { timeOf, withChangingArchive, type ChangingArchive } from '../../support/runs/changing-archive.ts';

const longIt = quickOrLong(it.skip, it);

const hour = 3_600;
const day = 86_400;
const differs = /the list holds (\d+) messages, but what was read and reported adds up to (\d+)/;

const idAndOp = async (archive: ChangingArchive, manifest: Manifest) =>
  (await archive.rows(manifest)).map(({ message_id, op }) => `${String(op)} ${String(message_id)}`).toSorted();

const miscount = ({ notes }: Manifest): readonly (number | undefined)[] | undefined =>
  differs
    .exec(notes.join('\n'))
    ?.slice(1)
    .map((number) => Number(number));

const requestsTo = ({ requests }: Manifest, endpoint: string): number => requests[endpoint]?.requests ?? 0;

/** Deleted where the workspace keeps the history of messages: hidden, and reported by nobody. */
function hide(archive: ChangingArchive, id: string, at: number): void {
  archive.edit(id, at, { _hidden: true });
}

describe.each(quickOrLong(['7.1'], ['7.1', '8.8']))('the total of a list, from server %s,', (version) => {
  longIt('shows that the server was restored though every room has changed again since', async () => {
    await withChangingArchive(version, {}, async (archive) => {
      const backup = backUp(archive.workspace);
      archive.post('ops-lost', day);
      archive.post('ops-lost-too', day + 1);
      archive.edit('ops-3', day + 2, { msg: 'undone' });
      await archive.run(day + hour);
      restore(archive.workspace, backup);
      const room = archive.workspace.rooms[0];
      if (room === undefined) throw new Error('The room is gone');
      archive.postTo(room, 'ops-again', 2 * day);

      const first = await archive.run(2 * day + hour);
      expect(await idAndOp(archive, first)).toEqual(['upsert ops-again']);
      expect(miscount(first)).toEqual([31, 33]);

      const second = await archive.run(3 * day);
      expect(await idAndOp(archive, second)).toEqual(['delete ops-lost', 'delete ops-lost-too', 'upsert ops-3']);
      expect(second.notes.join('\n')).toMatch(/did not fit.*One room was read again from the beginning and compared/);
      expect(second.gaps).toEqual([]);

      const third = await archive.run(4 * day);
      expect([third.files, miscount(third), requestsTo(third, 'groups.messages')]).toEqual([[], undefined, 0]);
    });
  });

  longIt('fits while messages are posted, edited, imported and deleted', async () => {
    await withChangingArchive(version, {}, async (archive) => {
      const notes: unknown[] = [];
      for (let night = 1; night < 6; night += 1) {
        archive.post(`ops-new-${night}`, night * day);
        archive.post(`ops-newer-${night}`, night * day + 60);
        archive.edit(`ops-${night}`, night * day + 70, { msg: 'edited', editedAt: timeOf(night * day + 70) });
        archive.post(`ops-old-${night}`, -night * day, { _updatedAt: timeOf(night * day + 80) });
        archive.remove(`ops-${night + 10}`, night * day + 90);
        if (night > 1) archive.remove(`ops-new-${night - 1}`, night * day + 100);
        archive.post(`ops-gone-${night}`, night * day + 110);
        archive.remove(`ops-gone-${night}`, night * day + 120);
        const manifest = await archive.run(night * day + (night % 2 === 0 ? 130 : 10 * hour));
        notes.push(miscount(manifest));
      }
      expect(notes).toEqual([undefined, undefined, undefined, undefined, undefined]);
      expect((await archive.run(6 * day)).files).toEqual([]);
    });
  });
});

describe('a deletion that nobody reports, for the workspace keeps the history of messages,', () => {
  it('is noted by the next walk and found by a comparison, which comes once a lookback at most', async () => {
    await withChangingArchive('8.8', { lookbackMs: 10 * day * 1_000 }, async (archive) => {
      hide(archive, 'ops-3', day);
      archive.post('ops-new', day + 1);
      expect(miscount(await archive.run(day + hour))).toEqual([30, 31]);
      const second = await archive.run(2 * day);
      expect(await idAndOp(archive, second)).toEqual(['delete ops-3']);

      hide(archive, 'ops-4', 3 * day);
      archive.post('ops-newer', 3 * day + 1);
      const third = await archive.run(3 * day + hour);
      expect(miscount(third)).toEqual([30, 31]);
      expect(third.notes.join('\n')).toMatch(/was compared with the archive on \d{4}-\d\d-\d\d, and is again from/);
      for (const night of quickOrLong([4, 11], [4, 5, 6, 7, 8, 9, 10, 11])) {
        const manifest = await archive.run(night * day);
        expect([manifest.files, requestsTo(manifest, 'groups.messages')]).toEqual([[], 0]);
      }
      expect(await idAndOp(archive, await archive.run(13 * day))).toEqual(['delete ops-4']);
      expect((await archive.run(14 * day)).files).toEqual([]);
    });
  });
});

/** Nested deeper than a row can be made of. */
const unreadable = JSON.parse(`${'{"deeper":'.repeat(600)}1${'}'.repeat(600)}`) as Partial<MessageDocument>;

const pageOf = (ids: readonly string[], exchange: Exchange): boolean =>
  exchange.endpoint === 'groups.messages' && ids.some((id) => exchange.reply().body.includes(`"${id}"`));

/** Every page of the list that holds one of these messages is answered with an error. */
function failAt(archive: ChangingArchive, ids: readonly string[]): void {
  archive.served.rules.intercept = inflict((exchange) =>
    pageOf(ids, exchange)
      ? { kind: 'answer', status: 400, contentType: 'application/json', body: '{"success":false,"error":"broken"}' }
      : null,
  );
}

describe('a deletion that nobody reports, in a room some of which cannot be read,', () => {
  longIt('is noted though a message of the room makes no row for good', async () => {
    await withChangingArchive('8.8', {}, async (archive) => {
      archive.post('ops-bad', 5 * hour, unreadable);
      archive.post('ops-behind', 6 * hour);
      const met = await archive.run(day);
      expect(met.gaps).toMatchObject([{ reason: 'bad-message' }]);
      expect(miscount(met)).toBeUndefined();
      hide(archive, 'ops-3', 2 * day);
      archive.post('ops-new', 2 * day + 1);
      expect(miscount(await archive.run(2 * day + hour))).toEqual([32, 33]);
      expect(await idAndOp(archive, await archive.run(3 * day))).toEqual(['delete ops-3']);
      archive.post('ops-newer', 4 * day);
      expect(miscount(await archive.run(4 * day + hour))).toBeUndefined();
    });
  });

  longIt('is noted in the run that meets such a message first', async () => {
    await withChangingArchive('8.8', {}, async (archive) => {
      archive.post('ops-bad', day, unreadable);
      archive.post('ops-new', day + 1);
      hide(archive, 'ops-3', day + 2);
      expect(miscount(await archive.run(day + hour))).toEqual([31, 32]);
    });
  });

  longIt('is noted beside a place that the server fails on, and nothing is when that can be read', async () => {
    await withChangingArchive('8.8', { lookbackMs: 0 }, async (archive) => {
      archive.post('ops-bad', day);
      archive.post('ops-new', day + 1);
      failAt(archive, ['ops-bad']);
      const met = await archive.run(day + hour);
      expect(met.gaps).toMatchObject([{ reason: 'http-400' }]);
      expect(miscount(met)).toBeUndefined();
      hide(archive, 'ops-3', 2 * day);
      archive.post('ops-newer', 2 * day + 1);
      expect(miscount(await archive.run(2 * day + hour))).toEqual([32, 33]);
      archive.served.rules.intercept = null;
      archive.post('ops-newest', 3 * day);
      const third = await archive.run(3 * day + hour);
      expect([third.gaps, miscount(third)]).toEqual([[], undefined]);
      archive.post('ops-last', 4 * day);
      expect(miscount(await archive.run(4 * day + hour))).toBeUndefined();
    });
  });
});

describe('a message that makes no row', () => {
  longIt('is one less when its deletion is reported', async () => {
    await withChangingArchive('8.8', {}, async (archive) => {
      archive.post('ops-bad', day, unreadable);
      archive.post('ops-new', day + 1);
      await archive.run(day + hour);
      archive.remove('ops-bad', 2 * day);
      archive.post('ops-newer', 2 * day + 1);
      expect(miscount(await archive.run(2 * day + hour))).toBeUndefined();
    });
  });
});

describe('a room that is read anew from its beginning', () => {
  const reset = (archive: ChangingArchive, at: number): Promise<unknown> =>
    resetState(nodeDisk, archive.job().output, timeOf(at), () => 'all');

  it.each([['far back', hour] as const, ['in the last minute of its list', 31] as const].slice(quickOrLong(1, 0)))(
    'loses in the same run what was deleted without a report, %s',
    async (_, lastAt) => {
      await withChangingArchive('8.8', {}, async (archive) => {
        archive.post('ops-late', lastAt);
        await archive.run(2 * hour);
        hide(archive, 'ops-3', day);
        archive.remove('ops-4', day);
        await reset(archive, day + 1);
        const rows = await idAndOp(archive, await archive.run(day + hour));
        expect(rows.filter((row) => !row.startsWith('upsert'))).toEqual(['delete ops-3', 'delete ops-4']);
        expect(rows).toHaveLength(31);
        const idle = await archive.run(2 * day);
        expect([idle.files, requestsTo(idle, 'groups.messages')]).toEqual([[], 0]);
      });
    },
  );

  const deletedIn = async (archive: ChangingArchive, manifest: Manifest) =>
    (await idAndOp(archive, manifest)).filter((row) => row.startsWith('delete'));

  longIt('keeps what stands where it cannot be read, and is compared once more when that may be read', async () => {
    await withChangingArchive('8.8', { lookbackMs: 2 * day * 1_000 }, async (archive) => {
      hide(archive, 'ops-3', day);
      hide(archive, 'ops-21', day);
      await reset(archive, day + 1);
      failAt(archive, ['ops-20', 'ops-22']);
      const first = await archive.run(day + hour);
      expect(first.gaps.map(({ reason }) => reason)).toContain('http-400');
      expect(await deletedIn(archive, first)).toEqual(['delete ops-3']);
      archive.served.rules.intercept = null;
      const second = await archive.run(2 * day);
      expect([second.gaps, await deletedIn(archive, second)]).toEqual([[], []]);
      expect(await deletedIn(archive, await archive.run(4 * day))).toEqual(['delete ops-21']);
      const idle = await archive.run(7 * day);
      expect([idle.files, requestsTo(idle, 'groups.messages')]).toEqual([[], 0]);
    });
  });

  longIt('is compared by the next run when it could not be read to its end', async () => {
    const extract = [{ endpoint: 'groups.messages' as const, rooms: ['*'], pageSize: 10 }];
    await withChangingArchive('8.8', { extract }, async (archive) => {
      hide(archive, 'ops-3', day);
      await reset(archive, day + 1);
      archive.served.rules.intercept = inflict(({ endpoint, params }) =>
        endpoint === 'groups.messages' && Number(params['offset']) > 5
          ? { kind: 'answer', status: 504, contentType: 'text/html', body: '' }
          : null,
      );
      const cut = await archive.run(day + hour);
      expect(cut.gaps).toMatchObject([{ reason: 'http-504' }]);
      expect(await idAndOp(archive, cut)).toHaveLength(9);
      archive.served.rules.intercept = null;
      const whole = await archive.run(2 * day);
      expect([await deletedIn(archive, whole), miscount(whole)]).toEqual([['delete ops-3'], undefined]);
      expect((await archive.run(3 * day)).files).toEqual([]);
      const idle = await archive.run(4 * day);
      expect([idle.files, requestsTo(idle, 'groups.messages')]).toEqual([[], 0]);
    });
  });

  longIt('loses what it no longer has where an entry is widened to all its messages', async () => {
    const fields = { extract: [{ endpoint: 'groups.messages' as const, rooms: ['*'], pinned: true }] };
    await withChangingArchive('8.8', fields, async (archive) => {
      archive.post('ops-pinned', 40, { pinned: true });
      archive.post('ops-pinned-too', 41, { pinned: true });
      await archive.run(day);
      hide(archive, 'ops-pinned', 2 * day);
      Object.assign(fields, { extract: [{ endpoint: 'groups.messages', rooms: ['*'] }] });
      const rows = await idAndOp(archive, await archive.run(2 * day + hour));
      expect([rows.length, ...rows.slice(0, 1)]).toEqual([32, 'delete ops-pinned']);
    });
  });

  longIt('loses in the same run what is reported as deleted, though it was to be compared', async () => {
    const removed = async (archive: ChangingArchive) => {
      const backup = backUp(archive.workspace);
      archive.post('ops-lost', day);
      await archive.run(day + hour);
      restore(archive.workspace, backup);
      await reset(archive, 2 * day);
      const [room] = archive.workspace.rooms;
      room?.remove('ops-5', smallStartMs + 2 * day * 1_000);
      return archive.run(2 * day + hour);
    };
    await withChangingArchive('8.8', {}, async (archive) => {
      const rows = await idAndOp(archive, await removed(archive));
      expect(rows.filter((row) => row.startsWith('delete'))).toEqual(['delete ops-5', 'delete ops-lost']);
    });
  });
});

describe('a message that was deleted and put back as it was', () => {
  longIt.each([
    ['came with its old date, the night before', 3],
    ['was walked there, the same night', 3 * day],
  ])('is noted though a deletion is reported of what moved to another room, and %s', async (_, at) => {
    await withChangingArchive(
      '8.8',
      { extract: [{ endpoint: 'groups.messages', rooms: ['*'] }] },
      async (archive) => {
        archive.post('alpha-late', day, {}, 'alpha');
        archive.post('beta-late', day, {}, 'beta');
        await archive.run(day + hour);
        const move = (): void => {
          archive.remove('alpha-5', Math.max(2 * day, at), 'alpha');
          archive.post('alpha-5', at, { _updatedAt: timeOf(Math.max(2 * day, at) + 1) }, 'beta');
        };
        if (at < day) move();
        archive.post('alpha-new', 2 * day, {}, 'alpha');
        expect(miscount(await archive.run(2 * day + hour))).toBeUndefined();

        if (at > day) move();
        const back = archive.room('alpha').find('alpha-3')?.document();
        if (back === undefined) throw new Error('There is no message');
        archive.remove('alpha-3', 3 * day + 2, 'alpha');
        archive.room('alpha').insert(storeMessage(back));
        archive.post('alpha-newer', 3 * day + 3, {}, 'alpha');
        expect(miscount(await archive.run(3 * day + hour))).toEqual([32, 31]);
        expect(await idAndOp(archive, await archive.run(4 * day))).toEqual(['upsert alpha-3']);
        archive.post('alpha-newest', 5 * day, {}, 'alpha');
        expect(miscount(await archive.run(5 * day + hour))).toBeUndefined();
      },
      ['alpha', 'beta'].map((id) => ({ id, type: 'p' as const, name: id })),
    );
  });
});

describe('a deletion that nobody reports', () => {
  longIt.each([
    ['before the total is read', 0],
    ['behind it', 1],
  ])('is noted the night after one that was reported while the run went on, %s', async (_, isBehind) => {
    await withChangingArchive('8.8', {}, async (archive) => {
      archive.post('ops-new', day);
      const late = (): void => archive.remove('ops-5', day + hour - 60);
      if (isBehind === 0) late();
      else {
        archive.served.rules.intercept = inflict(({ endpoint }) => {
          if (endpoint === 'chat.syncMessages' && archive.room().find('ops-5') !== undefined) late();
          return null;
        });
      }
      const first = await archive.run(day + hour);
      expect([await idAndOp(archive, first), miscount(first)]).toEqual([['delete ops-5', 'upsert ops-new'], undefined]);
      archive.served.rules.intercept = null;
      hide(archive, 'ops-3', 2 * day);
      archive.post('ops-newer', 2 * day + 1);
      expect(miscount(await archive.run(2 * day + hour))).toEqual([30, 31]);
    });
  });
});

describe('the list of a server that shows earlier versions of messages', () => {
  longIt('may grow by them', async () => {
    await withChangingArchive('7.1', {}, async (archive) => {
      for (let night = 1; night < 4; night += 1) {
        const at = night * day;
        for (const id of ['a', 'b']) {
          const clone = { _hidden: true, parent: 'ops-3', _updatedAt: timeOf(at) };
          archive.post(`clone-${night}-${id}`, 3, clone);
        }
        archive.edit('ops-3', at + 1, { msg: `edited ${night}`, editedAt: timeOf(at + 1) });
        archive.post(`ops-new-${night}`, at + 2);
        await archive.run(at + hour);
      }
      const last = await archive.run(5 * day);
      expect([miscount(last), requestsTo(last, 'groups.messages')]).toEqual([undefined, 0]);
    });
  });
});
