import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Manifest } from '../../../src/archive/manifest/manifest.ts';
import { verifyArchive } from '../../../src/archive/verify/verify.ts';
import { send } from '../../../src/demo/server/server.ts';
import { runJob } from '../../../src/pipeline.ts';
import { CrashLab } from '../../support/runs/crash-lab.ts';
import { newProcess } from '../../support/runs/new-process.ts';
import { post } from '../../support/workspaces/three-rooms.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';

const longIt = quickOrLong(it.skip, it);

let lab: CrashLab;
beforeAll(async () => {
  lab = await CrashLab.open([350, 3, 2], {
    extract: [{ endpoint: 'groups.messages', rooms: ['*'], via: 'history' }],
    transform: { tables: ['messages'] },
    sinks: [{ format: 'jsonl' }],
  });
});
beforeEach(() => {
  lab.server.rules.intercept = null;
});
afterAll(() => lab.close());

const run = (archive: string): Promise<Manifest> => runJob(lab.job(archive), newProcess());

async function idsOf(archive: string, { files }: Manifest): Promise<readonly string[]> {
  const texts = await Promise.all(files.map(({ path }) => readFile(join(archive, path), 'utf8')));
  const rows = texts.flatMap((text) => text.split('\n').filter(Boolean));
  return rows
    .map((row) => JSON.parse(row) as { readonly message_id: string; readonly room_id: string })
    .flatMap(({ message_id: id, room_id: roomId }) => (roomId === 'alpha' ? [id] : []));
}

/** Every page of the room's history that holds one of the messages fails, and so do larger ones than `most` rows. */
function failAt(bad: readonly string[], status = 500, error = 'Internal server error'): void {
  lab.server.rules.intercept = (exchange) => {
    if (exchange.endpoint !== 'groups.history') return false;
    const { body } = exchange.reply();
    if (!bad.some((id) => body.includes(`"${id}"`))) return false;
    const answer = Buffer.from(JSON.stringify({ success: false, error }));
    send(exchange.response, { status, headers: { 'content-type': 'application/json' }, body: answer });
    return true;
  };
}

/** Hidden versions of messages are in no history. */
const all = (): readonly string[] =>
  (lab.workspace.room('alpha')?.messages ?? []).filter(({ hidden }) => !hidden).map(({ id }) => id);

describe('a stored message that the server fails on, in a room that is read by its history', () => {
  const typeError = "Cannot destructure property 'username' of 'undefined' as it is undefined.";

  longIt.each([[400, typeError] as const, [500, 'Internal server error'] as const])(
    'costs itself alone, though every page with it answers %i (regression: a gap of the room)',
    async (status, error) => {
      await lab.withArchive(async (archive) => {
        const bad = 'alpha-000210';
        failAt([bad], status, error);
        const before = all();
        const at = before.indexOf(bad);
        const first = await run(archive);
        expect((await idsOf(archive, first)).toSorted()).toEqual(before.filter((id) => id !== bad).toSorted());
        expect(first.gaps).toMatchObject([
          {
            room: { id: 'alpha' },
            reason: `http-${status}`,
            message: expect.stringMatching(
              new RegExp(
                `one message of the room, after "${before[at - 1] ?? ''}" \\(2024.*before "${before[at + 1] ?? ''}" \\(2024`,
              ),
            ) as unknown,
          },
        ]);

        post(lab.workspace, 'alpha', 5);
        const second = await run(archive);
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

  longIt('is read when it can be, also where others beside it cannot, or it is the newest or the oldest', async () => {
    await lab.withArchive(async (archive) => {
      const ids = all();
      const bad = [0, 1, 2, 100, 102, 348, 349].flatMap((at) => ids[Math.min(at, ids.length - 1)] ?? []);
      const still = bad.filter((_, at) => at % 2 === 0);
      failAt(bad);
      const first = await run(archive);
      failAt(still);
      const second = await run(archive);
      lab.server.rules.intercept = null;
      const third = await run(archive);
      const rows = await Promise.all([first, second, third].map((manifest) => idsOf(archive, manifest)));
      expect(rows.flat().toSorted()).toEqual(ids.toSorted());
      expect(rows[0]).toHaveLength(ids.length - new Set(bad).size);
      expect(second.gaps.length).toBeGreaterThan(0);
      expect(third.gaps).toEqual([]);
      expect(await verifyArchive(archive)).toMatchObject({ differences: [] });
    });
  });
});
