import { describe, expect, it } from '@jest/globals';
import type { Manifest } from '../../src/archive/manifest.ts';
import { readState } from '../../src/archive/read-state.ts';
import type { State } from '../../src/archive/state.ts';
import { verifyArchive } from '../../src/archive/verify.ts';

import { currentTable } from '../../src/current/current-table.ts';
import { createPrng } from '../../src/demo/prng.ts';
import { serveWorkspace } from '../../src/demo/server.ts';
import { nodeDisk } from '../../src/disk.ts';
import { historyPageSize } from '../../src/extractors/read-history.ts';
import { historyWalkRequests, offsetWalkRequests } from '../../src/extractors/walk-requests.ts';
import type { Job } from '../../src/job/job.ts';
import { runJob } from '../../src/pipeline.ts';
import type { Environment } from '../../src/run/environment.ts';
import type { Value } from '../../src/tables/column.ts';
import { faultDisk } from '../archive/fault-disk.ts';
import { fullJob, newProcess, withArchive } from '../run/run-here.ts';
import { leapingClock } from '../run/leaping-clock.ts';
import { LivingWorkspace, type DayOfRoom } from '../support/living-workspace.ts';

const days = 30;
const upgradeDay = 15;

/** As the verb `latest` tells it. */
async function latestOf(archive: string): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const rows of (await currentTable(nodeDisk, archive, 'messages')).rows) {
    for (const { room_id, message_id, updated_at, msg } of rows) {
      lines.push([room_id, message_id, updated_at, msg].map(textOf).join(' '));
    }
  }
  return lines.sort();
}

function textOf(value: Value | undefined): string {
  return value instanceof Date ? value.toISOString() : typeof value === 'string' ? value : '';
}

function truthOf({ rooms }: LivingWorkspace): readonly string[] {
  return rooms
    .flatMap((room) =>
      room.messages.map((message) => {
        const { _id, _updatedAt, msg } = message.document();
        return `${room.id} ${_id} ${_updatedAt} ${String(msg)}`;
      }),
    )
    .sort();
}

function newestOf(manifests: readonly Manifest[]): Manifest {
  const newest = manifests.at(-1);
  if (newest === undefined) throw new Error('There is no manifest');
  return newest;
}

const idOf = (line: string): string => line.split(' ', 2).join(' ');

/**
 * The fewest requests that could bring what the room list shows to have happened on a day, for somebody who knows where
 * the last run left off (a minute before its last message: others may become visible behind it), but not how many rows
 * before that came or went.
 */
function leastRequests(
  day: ReadonlyMap<string, DayOfRoom>,
  living: LivingWorkspace,
  { lists }: State,
  isPaged: boolean,
): number {
  let requests = 0;
  for (const [roomId, { posted, moved, shown }] of day) {
    if (!shown) continue;
    const archived = living.rooms.find(({ id }) => id === roomId)?.archived === true;
    const known = lists[`groups.messages ${roomId}`];
    const unsettled = known?.cursor.deliveredIds.length ?? 0;
    const page = { pageSize: undefined, cap: 100, longestPage: 100 };
    requests += archived
      ? historyWalkRequests({ rows: posted, hasOlder: known !== undefined, pageSize: historyPageSize })
      : offsetWalkRequests({ rows: posted + moved + unsettled + 2, ...page }).requests;
    if (known !== undefined) requests += isPaged ? 2 : 1;
  }
  // me, rooms.get, subscriptions.get; and the version, when anything is read at all.
  return requests + (requests > 0 ? 4 : 3);
}

describe('an archive that lives with its workspace', () => {
  it.each([1, 2, 3, 4])(
    'is equal to it after thirty days of anything, for next to no requests (life %i)',
    async (seed) => {
      const living = new LivingWorkspace(seed, 12);
      const prng = createPrng(seed + 1_000);
      const served = await serveWorkspace(living.workspace, { version: '6.13', now: () => living.nowMs });
      await withArchive(async (archive) => {
        const job: Job = fullJob(served.url, archive, {
          extract: [{ endpoint: 'groups.messages', rooms: ['*'] }],
          transform: { tables: ['messages', 'mentions', 'reactions', 'rooms'] },
          sinks: [{ format: 'jsonl' }],
          concurrency: 1,
        });
        const manifests: Manifest[] = [];
        const run = async (fields: Partial<Environment> = {}): Promise<void> => {
          manifests.push(await runJob(job, newProcess({ clock: leapingClock(living.nowMs), ...fields })));
        };
        await run();
        let worst = 0;

        for (let day = 1; day <= days; day += 1) {
          if (day === upgradeDay) served.rules.version = '8.8';
          const happened = living.liveADay();
          const asked = served.requests.length;
          const before = await readState(nodeDisk, archive);
          if (day % 5 === 0) {
            await run({ disk: faultDisk(nodeDisk, 'dies-within', prng.integer(1, 60)).disk }).catch(() => undefined);
            if ((await readState(nodeDisk, archive)).run < day + 1) await run();
          } else {
            await run();
            const made = served.requests.slice(asked).length;
            const isPaged = day >= upgradeDay;
            const silentRooms = newestOf(manifests).changes.filter(({ room }) => happened.get(room.id)?.shown !== true);
            const least = leastRequests(happened, living, before, isPaged) + silentRooms.length * (isPaged ? 2 : 1);
            worst = Math.max(worst, made - least);
          }
          expect((await readState(nodeDisk, archive)).run).toBe(day + 1);

          const [latest, truth] = [await latestOf(archive), truthOf(living)];
          expect(latest.map(idOf)).toEqual(truth.map(idOf));
        }
        expect(worst).toBeLessThanOrEqual(2);
        await run({ everyRoom: true });
        expect(await latestOf(archive)).toEqual(truthOf(living));

        const asked = served.requests.length;
        await run();
        expect(served.requests.length - asked).toBe(3);
        expect(await verifyArchive(nodeDisk, archive)).toMatchObject({ differences: [] });
      });
      await served.close();
    },
  );
});
