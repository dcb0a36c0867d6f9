import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { resetState } from '../../../src/archive/stored-state/state-links.ts';
import type { Manifest } from '../../../src/archive/manifest/manifest.ts';
import { latest } from '../../../src/snapshot/latest.ts';
import { nodeDisk } from '../../../src/system/disk.ts';
import type { ExtractEntry, Job } from '../../../src/job/job.ts';
import { runJob } from '../../../src/pipeline.ts';
import { leapingClock } from '../../support/clocks/leaping-clock.ts';
import { newProcess } from '../../support/runs/new-process.ts';
import { smallStartMs } from '../../support/workspaces/small-workspace.ts';
import { inflict } from '../../support/network/faults.ts';
import {
  mentionOfTheLogin,
  timeOf,
  withChangingArchive,
  type ChangingArchive,
} from '../../support/runs/changing-archive.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';

const longIt = quickOrLong(it.skip, it);

const elementTables = ['mentions', 'reactions', 'attachments', 'links'] as const;
const fields: Partial<Job> = { transform: { tables: ['messages', ...elementTables] } };

const link = { src: { type: 'PLAIN_TEXT', value: 'https://example.org' }, label: [] };
const everything = {
  mentions: mentionOfTheLogin,
  reactions: { ':wave:': { usernames: ['noa'] } },
  attachments: [{ title: 'plan.pdf', title_link: '/file-upload/plan/plan.pdf', type: 'file' }],
  md: [{ type: 'PARAGRAPH', value: [{ type: 'LINK', value: link }] }],
};
const nothing = { mentions: [], reactions: {}, attachments: [], md: [] };

const reset = (archive: ChangingArchive): Promise<unknown> =>
  resetState(nodeDisk, archive.job().output, timeOf(4_000), () => 'all');

async function currentIds(
  archive: ChangingArchive,
  table: (typeof elementTables)[number],
): Promise<readonly unknown[]> {
  const ids: unknown[] = [];
  for await (const batch of (await latest(archive.job().output, { table })).rows) {
    ids.push(...batch.map(({ message_id: id }) => id));
  }
  return ids;
}

/** Of a run: the ids that each table of elements says have none any more, all else of those rows null. */
async function expectLost(archive: ChangingArchive, manifest: Manifest, ids: readonly string[]): Promise<void> {
  for (const table of elementTables) {
    const lost = (await archive.rows(manifest, table)).filter(({ op }) => op === 'delete');
    expect({ table, ids: lost.map(({ message_id: id }) => id).toSorted() }).toEqual({ table, ids });
    for (const row of lost) {
      expect(Object.keys(row).filter((name) => row[name] !== null)).toEqual([
        'message_id',
        'room_id',
        'ts',
        'op',
        'run',
      ]);
      expect(row).toMatchObject({ room_id: 'ops', ts: timeOf(40), run: manifest.run });
    }
  }
}

describe('a room that is read again from its beginning', () => {
  it('gets the delete rows of elements that its messages have lost, and of those of deleted ones, by a reset', () =>
    withChangingArchive('8.8', fields, async (archive) => {
      for (const id of ['bare', 'gone', 'kept']) archive.post(id, 40, everything);
      await archive.run(2_000);
      archive.edit('bare', 3_000, nothing);
      archive.remove('gone', 3_001);
      await reset(archive);
      await expectLost(archive, await archive.run(5_000), ['bare', 'gone']);
      for (const table of elementTables) expect(await currentIds(archive, table)).toEqual(['kept']);
      // Once: nothing is written of them again.
      expect(await archive.run(6_000)).toMatchObject({ files: [] });
    }));

  longIt('gets them too far back for any list of changes, too', () =>
    withChangingArchive('8.8', fields, async (archive) => {
      for (const id of ['bare', 'kept']) archive.post(id, 40, everything);
      await archive.run(2_000);
      archive.edit('bare', 2_100, nothing);
      // A server that refuses chat.syncMessages, and a message older than the lookback: nobody reports the edit.
      archive.served.rules.intercept = inflict(({ endpoint }) =>
        endpoint === 'chat.syncMessages'
          ? { kind: 'answer', status: 404, contentType: 'application/json', body: '{"status":"error"}' }
          : null,
      );
      await reset(archive);
      await expectLost(archive, await runWith(archive, {}, 100 * 86_400), ['bare']);
    }),
  );

  longIt('gets them where the filters of its entry have changed', () =>
    withChangingArchive('8.8', { ...fields, extract: entriesWith({ pinned: true }) }, async (archive) => {
      for (const id of ['bare', 'kept']) archive.post(id, 40, { ...everything, pinned: true });
      await archive.run(2_000);
      archive.edit('bare', 3_000, nothing);
      const manifest = await runWith(archive, { extract: entriesWith({}) }, 5_000);
      await expectLost(archive, manifest, ['bare']);
      for (const table of elementTables) expect(await currentIds(archive, table)).toEqual(['kept']);
    }),
  );

  it('has a note where the archive cannot be read for them, and all that was read', () =>
    withChangingArchive('8.8', fields, async (archive) => {
      archive.post('bare', 40, everything);
      const { files } = await archive.run(2_000);
      const damaged = files.find(({ table }) => table === 'reactions')?.path ?? '';
      await writeFile(join(archive.job().output, damaged), 'not what was written\n');
      await reset(archive);
      const manifest = await runWith(archive, {}, 5_000);
      expect(manifest.gaps).toEqual([]);
      expect(manifest.notes).toContainEqual(
        expect.stringMatching(
          /could not be looked up \(.*reactions.*\): .*rows of mentions, reactions, attachments and links/,
        ),
      );
      expect(manifest.tables['messages']).toBe(31);
    }));
});

function entriesWith(filters: Partial<ExtractEntry>): readonly ExtractEntry[] {
  return [{ endpoint: 'groups.messages', rooms: ['*'], ...filters }];
}

/** Another job, over an archive that may be damaged. */
function runWith(archive: ChangingArchive, job: Partial<Job>, at: number): Promise<Manifest> {
  const clock = leapingClock(smallStartMs + at * 1_000);
  return runJob({ ...archive.job(), ...job }, newProcess({ clock }));
}
