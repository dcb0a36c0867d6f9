import { describe, expect, it } from '@jest/globals';
import { latest } from '../../../src/snapshot/latest.ts';
import { nodeDisk } from '../../../src/system/disk.ts';
import type { Job } from '../../../src/job/job.ts';
import { runJob } from '../../../src/pipeline.ts';
import { faultDisk } from '../../support/disk/fault-disk.ts';
import { leapingClock } from '../../support/clocks/leaping-clock.ts';
import { newProcess } from '../../support/runs/new-process.ts';
import { inflict } from '../../support/network/faults.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';
import { smallStartMs } from '../../support/workspaces/small-workspace.ts';
import { messagesAtStart, withChangingArchive, type ChangingArchive } from '../../support/runs/changing-archive.ts';

const longIt = quickOrLong(it.skip, it);

const clockAt = (at: number) => leapingClock(smallStartMs + at * 1_000);

async function texts(archive: ChangingArchive): Promise<ReadonlyMap<unknown, unknown>> {
  const found: [unknown, unknown][] = [];
  for await (const batch of (await latest(archive.job().output)).rows) {
    for (const { message_id: id, msg } of batch) found.push([id, msg]);
  }
  expect(new Map(found).size).toBe(found.length);
  return new Map(found);
}

/** What the archive should hold of a room, by id. */
function truth(archive: ChangingArchive, room = 'ops'): ReadonlyMap<unknown, unknown> {
  return new Map(archive.room(room).messages.map((message) => [message.id, message.document()['msg']]));
}

function change(archive: ChangingArchive, at: number): void {
  archive.edit('ops-3', at, { msg: `edited at ${at}` });
  archive.remove(`ops-${20 + (at % 7)}`, at + 1);
  archive.post(`ops-new-${at}`, at + 2);
}

describe('a server that is upgraded while a run reads it', () => {
  const versions = ['7.0.0', '7.1.0', '8.8.0'];
  const requests = Array.from({ length: quickOrLong(1, 12) }, (_, index) => index + 1);

  it.each(requests)('costs nothing, whichever request meets the new version (%i)', (step) =>
    withChangingArchive('7.0.0', {}, async (archive) => {
      change(archive, 2_000);
      let asked = 0;
      archive.served.rules.intercept = () => {
        archive.served.rules.version = versions[Math.min(Math.floor(asked / step), versions.length - 1)] ?? '8.8.0';
        asked += 1;
        return false;
      };
      expect((await archive.run(3_000)).gaps).toEqual([]);
      expect(await texts(archive)).toEqual(truth(archive));
      change(archive, 4_001);
      expect((await archive.run(5_000)).gaps).toEqual([]);
      expect(await texts(archive)).toEqual(truth(archive));
    }),
  );

  longIt.each([
    ['7.0.0', '8.8.0'],
    ['8.8.0', '7.0.0'],
  ])('is read on after a cut (%s, then %s)', (before, after) =>
    withChangingArchive(before, {}, async (archive) => {
      change(archive, 2_000);
      for (let step = 4; step < 40; step += quickOrLong(30, 6)) {
        archive.served.rules.version = before;
        const { disk } = faultDisk(nodeDisk, 'dies-before', step);
        await archive.run(3_000, { disk }).catch(() => undefined);
        archive.served.rules.version = after;
        // A version that knows less may refuse what the run has set out to ask: a gap, and the next run asks again.
        await archive.run(3_100 + step);
        expect((await archive.run(3_200 + step)).gaps).toEqual([]);
        expect(await texts(archive)).toEqual(truth(archive));
        change(archive, 3_300 + step);
        await archive.run(3_300 + step + 10);
        expect(await texts(archive)).toEqual(truth(archive));
      }
    }),
  );
});

describe('a message that no page can be read with, and an entry that changes its way of reading', () => {
  const entry = (via: 'messages' | 'history'): Partial<Job> => ({
    extract: [{ endpoint: 'groups.messages', rooms: ['*'], via }],
  });
  const error = JSON.stringify({ success: false, error: "Cannot destructure property 'username' of 'undefined'." });

  longIt.each([
    ['history', 'messages'],
    ['messages', 'history'],
  ] as const)('costs itself only, and comes once when it is healed (via %s, then %s)', (first, second) =>
    withChangingArchive('8.8', entry(first), async (archive) => {
      const runWith = async (via: 'messages' | 'history', at: number) =>
        runJob({ ...archive.job(), ...entry(via) }, newProcess({ clock: clockAt(at) }));
      archive.post('ops-bad', 1_500);
      archive.post('ops-behind', 1_600);
      archive.served.rules.intercept = inflict((exchange) =>
        /messages|history/i.test(exchange.endpoint) && exchange.reply().body.includes('"ops-bad"')
          ? { kind: 'answer', status: 400, contentType: 'application/json', body: error }
          : null,
      );
      expect((await runWith(first, 2_000)).gaps).not.toEqual([]);
      expect([...(await texts(archive)).keys()]).toHaveLength(messagesAtStart + 1);
      archive.post('ops-later', 2_500);
      await runWith(second, 3_000);
      expect([...(await texts(archive)).keys()]).toHaveLength(messagesAtStart + 2);
      archive.served.rules.intercept = null;
      archive.post('ops-last', 3_500);
      expect((await runWith(second, 4_000)).gaps).toEqual([]);
      expect(await texts(archive)).toEqual(truth(archive));
      archive.post('ops-end', 4_500);
      const manifest = await runWith(first, 5_000);
      expect((await archive.rows(manifest)).map(({ message_id: id }) => id)).toEqual(['ops-end']);
      expect(await texts(archive)).toEqual(truth(archive));
    }),
  );
});

describe('a run that asks every room while one is refused', () => {
  it('names the room as a gap, brings what changed in the others, and what it missed the next time', () =>
    withChangingArchive(
      '8.8',
      {},
      async (archive) => {
        archive.edit('a-3', 2_000, { msg: 'edited' }, 'a');
        archive.edit('b-3', 2_000, { msg: 'edited' }, 'b');
        archive.served.rules.intercept = inflict(({ params }) =>
          params['roomId'] === 'b'
            ? { kind: 'answer', status: 400, contentType: 'application/json', body: '{"success":false,"error":"No"}' }
            : null,
        );
        const refused = await archive.run(3_000, { everyRoom: true });
        expect(refused.gaps).toMatchObject([{ room: { id: 'b' } }]);
        expect((await archive.rows(refused)).map(({ message_id: id }) => id)).toEqual(['a-3']);
        archive.served.rules.intercept = null;
        const next = await archive.run(4_000);
        expect(next.gaps).toEqual([]);
        expect((await archive.rows(next)).map(({ message_id: id }) => id)).toEqual(['b-3']);
      },
      [
        { id: 'a', type: 'p', name: 'a' },
        { id: 'b', type: 'p', name: 'b' },
      ],
    ));
});
