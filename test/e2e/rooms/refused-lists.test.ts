import { describe, expect, it } from '@jest/globals';
import type { Job } from '../../../src/job/job.ts';
import { inflict, unauthorized } from '../../support/network/faults.ts';
import { withChangingArchive, type ChangingArchive } from '../../support/runs/changing-archive.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';

const rooms = [
  { id: 'ops', type: 'p', name: 'ops' },
  { id: 'general', type: 'c', name: 'general' },
  { id: 'guest', type: 'l', name: 'guest' },
] as const;

const job: Partial<Job> = { extract: [{ rooms: ['*'] }], transform: { tables: ['messages', 'rooms'] } };

function refuse(archive: ChangingArchive, ...lists: readonly string[]): void {
  archive.served.rules.intercept = inflict(({ endpoint }) => (lists.includes(endpoint) ? unauthorized : null));
}

describe('a server that refuses the lists of rooms', () => {
  it('has rooms of other kinds than groups called refused, and not gone, and the refusal noted', async () => {
    await withChangingArchive(
      '8.8.0',
      job,
      async (archive) => {
        refuse(archive, 'subscriptions.get', 'rooms.get');
        archive.post('later', 2_000);
        const manifest = await archive.run(3_000);
        expect(manifest.notes).toContainEqual(
          expect.stringMatching(/^Rooms could not be listed .*: channels, direct and livechat rooms are not read\.$/),
        );
        expect(manifest.notes.join('\n')).not.toContain('has not joined');
        expect(manifest.gaps).toEqual([]);
        expect(manifest.coverage?.rooms).toMatchObject({
          ...{ seen: 3, read: 1, leftOut: { refused: 2, gone: 0, 'not-joined': null } },
        });
        expect((await archive.rows(manifest, 'rooms')).filter(({ op }) => op === 'delete')).toEqual([]);
        archive.served.rules.intercept = null;
        archive.post('in general', 3_500, {}, 'general');
        expect((await archive.run(4_000)).coverage?.rooms).toMatchObject({ seen: 3, read: 3 });
      },
      rooms,
    );
  });

  const lists: readonly (readonly [string, RegExp])[] = [
    ['rooms.get', /^Details of rooms could not be listed /],
    ['subscriptions.get', /^Subscriptions could not be listed /],
  ];
  it.each(lists.slice(0, quickOrLong(1, 2)))(
    'reads all rooms and notes it where %s alone is refused',
    async (list, note) => {
      await withChangingArchive(
        '8.8.0',
        job,
        async (archive) => {
          refuse(archive, list);
          archive.post('later', 2_000);
          const { notes, coverage } = await archive.run(3_000);
          expect(notes).toContainEqual(expect.stringMatching(note));
          expect(coverage?.rooms).toMatchObject({ seen: 3, read: 3 });
        },
        rooms,
      );
    },
  );
});
