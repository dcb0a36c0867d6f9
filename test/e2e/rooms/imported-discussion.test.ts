import { describe, expect, it } from '@jest/globals';
import { timeOf, withChangingArchive } from '../../support/runs/changing-archive.ts';

describe('a discussion that an imported message started, behind what walks have taken', () => {
  it('is counted among the rooms that the login has not joined, in that run and later', async () => {
    await withChangingArchive('8.8.0', { transform: { tables: ['messages'] } }, async (archive) => {
      const fields = { t: 'discussion-created', drid: 'elsewhere', msg: 'A talk', ts: timeOf(-90_000) } as const;
      archive.post('imported', 2_000, fields);
      const manifest = await archive.run(3_000);
      expect((await archive.rows(manifest)).map((row) => row['message_id'])).toContain('imported');
      for (const { coverage } of [manifest, await archive.run(4_000)])
        expect(coverage?.rooms).toMatchObject({ seen: 2, read: 1, leftOut: { 'not-joined': 1 } });
    });
  });
});
