import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Manifest } from '../../src/archive/manifest/manifest.ts';
import { verifyArchive } from '../../src/archive/verify/verify.ts';
import { createPrng } from '../../src/demo/sample/prng.ts';
import { serveWorkspace } from '../../src/demo/server/server.ts';
import { runJob } from '../../src/pipeline.ts';
import { type Move, moveBefore, randomMove, randomMoves } from '../support/workspaces/moves.ts';
import { MovingWorkspace } from '../support/workspaces/moving-workspace.ts';
import { createSmallWorkspace, plainMessage, smallRoomId } from '../support/workspaces/small-workspace.ts';
import { here, jobFor } from '../support/runs/run-here.ts';
import { inTemporaryFolder } from '../support/disk/temporary-folder.ts';
import { quickOrLong } from '../support/quick-or-long.ts';

interface Row {
  readonly updated_at: string;
  readonly op: string;
  readonly message_id: string;
  readonly ts: string;
  readonly msg: string;
}

async function rowsOf(archive: string, { files }: Manifest): Promise<readonly Row[]> {
  const texts = await Promise.all(files.map(({ path }) => readFile(join(archive, path), 'utf8')));
  return texts.flatMap((text) =>
    text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Row),
  );
}

/** 350 messages with groups of one millisecond among them, larger and smaller than a page. */
function createRoom(seed: number): MovingWorkspace {
  const prng = createPrng(seed);
  let second = 0;
  const messages = Array.from({ length: 350 }, (_, at) => {
    if (!prng.chance(0.3)) second += prng.integer(1, 90);
    return { ...plainMessage(at), ts: plainMessage(second).ts };
  });
  return new MovingWorkspace(createSmallWorkspace(messages));
}

/** Every kind of change, the page cap among them; none after the first 150 requests, so that the walk has an end. */
function lifelike(seed: number): (request: number) => readonly Move[] {
  const prng = createPrng(seed);
  return (request) => {
    if (request > 150) return [];
    if (prng.chance(0.15)) return [{ kind: 'cap', cap: prng.pick([5, 7, 20, 50]) }];
    if (prng.chance(0.1)) return [{ kind: 'drift-total', by: prng.integer(-3, 3) }];
    return Array.from({ length: prng.integer(0, 3) }, () => randomMove(prng));
  };
}

const kinds: Readonly<Record<string, (seed: number) => (request: number) => readonly Move[]>> = {
  'anything happens': lifelike,
  'messages are posted, deleted, pruned and edited': (seed) => {
    const moves = randomMoves(seed, 3);
    return (request) => (request > 150 ? [] : moves());
  },
  'retention prunes before every request': () => (request) => (request > 40 ? [] : [{ kind: 'prune', count: 4 }]),
  'rows before every page border are deleted': () => (request) =>
    request > 40 ? [] : Array.from({ length: 4 }, () => ({ kind: 'remove', place: (request * 12) / 350 })),
};

const cases = Object.keys(kinds)
  .flatMap((kind, at) =>
    quickOrLong([4], [1, 4, 16]).map((concurrency) => ({ kind, concurrency, seed: 100 * at + concurrency })),
  )
  .filter((_, at) => at % quickOrLong(4, 1) === 0);

describe('a run over rooms that change while they are read', () => {
  it.each(cases)(
    'has every survivor in the files exactly once while $kind ($concurrency in flight)',
    async ({ kind, concurrency, seed }) => {
      const moving = createRoom(seed);
      const movesOf = kinds[kind]?.(seed) ?? (() => []);
      const served = await serveWorkspace(moving.workspace, {
        cap: 20,
        intercept: moveBefore(moving, smallRoomId, movesOf),
      });
      try {
        await inTemporaryFolder(async (archive) => {
          const job = jobFor(served.url, archive, { concurrency });
          const rows = await rowsOf(archive, await runJob(job, here));
          const ids = rows.map(({ message_id }) => message_id);
          expect(new Set(ids).size).toBe(ids.length);
          expect(moving.survivors(smallRoomId).filter((id) => !ids.includes(id))).toEqual([]);
          const everAlive = new Set(moving.everAlive(smallRoomId));
          expect(ids.filter((id) => !everAlive.has(id))).toEqual([]);
          expect(rows.map(({ ts }) => ts)).toEqual(rows.map(({ ts }) => ts).sort());
          expect(moving.now).toBeGreaterThan(20);

          // The next run brings what was posted since, and nothing for a second time.
          moving.driftTotal(smallRoomId, 0);
          served.rules.intercept = null;
          moving.burst(smallRoomId, 30);
          moving.post(smallRoomId);
          const posted = moving.room(smallRoomId).messages.slice(-31);
          const next = await rowsOf(archive, await runJob(job, here));
          const nextIds = next.map(({ message_id }) => message_id);
          expect(posted.map(({ id }) => id).filter((id) => !nextIds.includes(id))).toEqual([]);
          expect(new Set(nextIds).size).toBe(next.length);
          const versions = new Map(rows.map((row) => [row.message_id, row.updated_at]));
          expect(next.filter((row) => versions.get(row.message_id) === row.updated_at)).toEqual([]);
          // With what was edited and deleted meanwhile, the archive is what the server has.
          for (const { message_id, op, updated_at } of next) {
            if (op === 'delete') versions.delete(message_id);
            else versions.set(message_id, updated_at);
          }
          const truth = moving.room(smallRoomId).messages.map(({ id, updatedAtMs }) => [id, updatedAtMs] as const);
          const latest = [...versions].map(([id, updatedAt]) => [id, Date.parse(updatedAt)] as const);
          expect(new Map(latest)).toEqual(new Map(truth));
          expect((await verifyArchive(archive)).differences).toEqual([]);
        });
      } finally {
        await served.close();
      }
    },
  );

  it('takes each message as it was in one moment: the text before an edit or the text after it', async () => {
    const moving = createRoom(1);
    const before = new Map(moving.room(smallRoomId).messages.map((message) => [message.id, message.document()['msg']]));
    const served = await serveWorkspace(moving.workspace, {
      cap: 20,
      intercept: moveBefore(moving, smallRoomId, (request) => [
        { kind: 'edit', place: (request % 10) / 10 },
        { kind: 'edit', place: (request * 20) / 350 },
      ]),
    });
    try {
      await inTemporaryFolder(async (archive) => {
        const rows = await rowsOf(archive, await runJob(jobFor(served.url, archive), here));
        expect(rows.map(({ message_id }) => message_id).sort()).toEqual(moving.survivors(smallRoomId));
        const edited = rows.filter(({ message_id, msg }) => msg !== before.get(message_id));
        expect(edited.length).toBeGreaterThan(0);
        expect(edited.filter(({ msg }) => !/^edited \d+$/.test(msg))).toEqual([]);
      });
    } finally {
      await served.close();
    }
  });
});
