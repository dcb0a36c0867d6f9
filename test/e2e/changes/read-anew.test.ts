import { describe, expect, it } from '@jest/globals';
import { resetState } from '../../../src/archive/stored-state/state-links.ts';
import type { Manifest } from '../../../src/archive/manifest/manifest.ts';
import type { Job } from '../../../src/job/job.ts';
import { nodeDisk } from '../../../src/system/disk.ts';
import { inflict } from '../../support/network/faults.ts';
import { timeOf, withChangingArchive, type ChangingArchive } from '../../support/runs/changing-archive.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';

const longIt = quickOrLong(it.skip, it);

const hour = 3_600;
const day = 86_400;

const reset = (archive: ChangingArchive, at: number): Promise<unknown> =>
  resetState(nodeDisk, archive.job().output, timeOf(at), () => 'all');

const deletedIn = async (archive: ChangingArchive, manifest: Manifest): Promise<readonly unknown[]> =>
  (await archive.rows(manifest)).filter(({ op }) => op === 'delete').map(({ message_id }) => message_id);

/** What is asked of a room where nothing is left to do. */
const readsOf = ({ requests }: Manifest): number =>
  (requests['groups.messages']?.requests ?? 0) + (requests['groups.history']?.requests ?? 0);

function refuse(archive: ChangingArchive, roomId: string): void {
  archive.served.rules.intercept = inflict(({ endpoint, params }) =>
    endpoint === 'groups.messages' && params['roomId'] === roomId
      ? { kind: 'answer', status: 504, contentType: 'text/html', body: '' }
      : null,
  );
}

const everyGroup = { extract: [{ endpoint: 'groups.messages', rooms: ['*'] }] } satisfies Partial<Job>;

describe('a room that was refused when it was to be read from its beginning', () => {
  longIt('is read once after a reset, for that compares it', async () => {
    await withChangingArchive('8.8', {}, async (archive) => {
      archive.edit('ops-3', day, { _hidden: true });
      await reset(archive, day);
      refuse(archive, 'ops');
      expect((await archive.run(day + hour)).gaps).toMatchObject([{ reason: 'http-504' }]);
      archive.served.rules.intercept = null;
      expect(await deletedIn(archive, await archive.run(2 * day))).toEqual(['ops-3']);
      const idle = await archive.run(3 * day);
      expect([idle.files, readsOf(idle)]).toEqual([[], 0]);
      expect(idle.notes.join('\n')).not.toContain('anew');
    });
  });

  longIt('is read once where no run has any row of it: there is nothing to compare', async () => {
    await withChangingArchive(
      '8.8',
      everyGroup,
      async (archive) => {
        archive.post('fresh-1', day, {}, 'fresh');
        refuse(archive, 'fresh');
        expect((await archive.run(day + hour)).gaps).toMatchObject([{ reason: 'http-504' }]);
        archive.served.rules.intercept = null;
        expect(await archive.rows(await archive.run(2 * day))).toHaveLength(1);
        const idle = await archive.run(3 * day);
        expect([idle.files, readsOf(idle)]).toEqual([[], 0]);
        expect(idle.notes.join('\n')).not.toContain('anew');
      },
      [
        { id: 'ops', type: 'p', name: 'ops' },
        { id: 'fresh', type: 'p', name: 'fresh', messages: [] },
      ],
    );
  });
});

describe('an archived group that is read anew via history', () => {
  longIt('is compared with the archive when it is archived no more', async () => {
    await withChangingArchive('8.8', {}, async (archive) => {
      archive.room().archived = true;
      await archive.run(hour);
      archive.edit('ops-3', day, { _hidden: true });
      await reset(archive, day);
      expect(await deletedIn(archive, await archive.run(day + hour))).toEqual([]);
      const waiting = await archive.run(2 * day);
      expect([waiting.files, readsOf(waiting)]).toEqual([[], 0]);
      archive.room().archived = false;
      archive.post('ops-new', 3 * day);
      expect(await deletedIn(archive, await archive.run(3 * day + hour))).toEqual(['ops-3']);
      const settled = await archive.run(4 * day);
      expect(settled.files).toEqual([]);
      const idle = await archive.run(5 * day);
      expect([idle.files, readsOf(idle)]).toEqual([[], 0]);
    });
  });
});

describe('a filtered entry that is widened', () => {
  longIt('deletes what is gone from a group, also when that has become a channel since', async () => {
    const fields: { extract: Job['extract'] } = { extract: [{ rooms: ['*'], pinned: true }] };
    await withChangingArchive('8.8', fields, async (archive) => {
      archive.post('ops-pinned', 40, { pinned: true });
      await archive.run(day);
      archive.edit('ops-pinned', 2 * day, { _hidden: true });
      archive.room().type = 'c';
      fields.extract = [{ rooms: ['*'] }];
      expect(await deletedIn(archive, await archive.run(2 * day + hour))).toEqual(['ops-pinned']);
    });
  });
});
