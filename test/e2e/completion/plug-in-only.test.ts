import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { verifyArchive } from '../../../src/archive/verify/verify.ts';
import type { Manifest } from '../../../src/archive/manifest/manifest.ts';
import type { Job } from '../../../src/job/job.ts';
import type { SinkEntry } from '../../../src/model/sink-options.ts';
import { purgeArchive } from '../../../src/purge/purge-archive.ts';
import { writeReport } from '../../../src/report/write-report.ts';
import { tableToCopy } from '../../../src/snapshot/latest.ts';
import { messageHistory } from '../../../src/transcript/message-history.ts';
import { searchArchive } from '../../../src/transcript/search-archive.ts';
import { nodeDisk } from '../../../src/system/disk.ts';
import { writeTranscript } from '../../../src/transcript/write-transcript.ts';
import { writeViews } from '../../../src/views/write-views.ts';
import { inTemporaryFolder } from '../../support/disk/temporary-folder.ts';
import { withChangingArchive, type ChangingArchive } from '../../support/runs/changing-archive.ts';
import { runAtNight } from '../../support/runs/ten-nights.ts';
import { here } from '../../support/runs/run-here.ts';

const lines = `import { appendFile } from 'node:fs/promises';
export default () => ({ format: 'lines', extension: 'lines', open: (path) => ({
  write: (rows) => appendFile(path, rows.map(() => '-\\n').join('')), close: () => undefined }) });`;

const stated = { reason: 'a password', by: 'security team' };

interface Setting {
  readonly archive: ChangingArchive;
  readonly plugIn: SinkEntry;
  readonly folder: string;
  readonly run: (night: number, sinks: readonly SinkEntry[], fields?: Partial<Job>) => Promise<Manifest>;
}

async function withPlugIn(use: (setting: Setting) => Promise<void>): Promise<void> {
  await withChangingArchive('8.0.0', {}, async (archive) => {
    await inTemporaryFolder(async (folder) => {
      const plugin = join(folder, 'lines.mjs');
      await writeFile(plugin, lines);
      const plugIn: SinkEntry = {
        ...{ format: 'plug-in', plugin: { use: plugin, cwd: folder, options: {}, writtenOptions: {} } },
      };
      const output = join(folder, 'archive');
      const run: Setting['run'] = (night, sinks, fields = {}) =>
        runAtNight({ ...archive.job(), output, sinks, ...fields }, night);
      await use({ archive, plugIn, folder, run });
    });
  });
}

async function current(
  archive: string,
): Promise<{ readonly ids: readonly string[]; readonly notes: readonly string[] }> {
  const { rows, notes } = await tableToCopy(archive, { table: 'messages' });
  const ids: string[] = [];
  for await (const batch of rows)
    ids.push(...batch.flatMap(({ message_id: id }) => (typeof id === 'string' ? [id] : [])));
  return { ids: ids.sort(), notes };
}

describe('an archive that was begun with a plug-in’s format only', () => {
  it('is read again from the server when it gets JSON Lines, and every reader reads it then', async () => {
    await withPlugIn(async ({ archive, plugIn, folder, run }) => {
      await run(1, [plugIn]);
      archive.edit('ops-3', 2_400, { msg: 'other words' });
      archive.post('new', 2_401);
      await run(2, [plugIn]);
      archive.remove('ops-5', 3_400);
      const output = join(folder, 'archive');
      const manifest = await run(3, [plugIn, { format: 'jsonl' }]);
      const there = archive.room().messages.map(({ id }) => id);
      const { ids, notes } = await current(output);
      expect(ids).toEqual(there.toSorted());
      expect(notes).toEqual([
        'Rows of runs 1 to 2 of "messages" are left out: they stand in formats of plug-ins only, which this program cannot read; every room was read again since, but for rooms and messages that were gone by then',
      ]);
      expect(manifest.coverage?.incomplete).toContainEqual(
        expect.objectContaining({ table: 'messages', format: 'jsonl', runs: [{ from: 1, to: 2 }] }),
      );
      expect((await verifyArchive(output)).differences).toEqual([]);

      const report = await writeReport(output, join(folder, 'report.html'), here);
      expect(report).toMatchObject({ messages: there.length, notes });
      const transcript = await writeTranscript(output, join(folder, 'transcript'), here);
      expect(transcript.messages).toBe(there.length);
      const told: string[] = [];
      const history = await messageHistory(output, 'ops-3', { ...here, onNote: (note) => told.push(note) });
      expect(history?.versions.map(({ text }) => text)).toEqual(['other words']);
      expect(told).toEqual(notes);
      expect((await searchArchive(output, 'words', here)).notes).toEqual(notes);

      // What changes later is compared with what can be read.
      archive.remove('ops-7', 4_400);
      archive.post('later', 4_401);
      const later = await run(4, [plugIn, { format: 'jsonl' }]);
      expect(later.tables['messages']).toBe(2);
      expect(later.notes).toContainEqual(expect.stringContaining('read again from the beginning and compared'));
      const quiet = await run(5, [plugIn, { format: 'jsonl' }]);
      expect(quiet.tables['messages']).toBe(0);
      expect(quiet.notes.filter((note) => note.includes('compared'))).toEqual([]);
      expect((await current(output)).ids).toEqual(
        there
          .filter((id) => id !== 'ops-7')
          .concat('later')
          .toSorted(),
      );
    });
  });

  it('shows what can be read, and says what cannot, while nothing has read it again', async () => {
    await withPlugIn(async ({ archive, plugIn, folder, run }) => {
      await run(1, [{ format: 'jsonl' }]);
      archive.post('late', 2_000);
      await run(2, [plugIn]);
      const { ids, notes } = await current(join(folder, 'archive'));
      expect(ids).toHaveLength(30);
      expect(notes).toEqual([
        'Rows of run 2 of "messages" are left out: they stand in formats of plug-ins only, which this program cannot read',
      ]);
    });
  });

  it('has views that name what they cannot show, and readers that say what to do', async () => {
    await withPlugIn(async ({ plugIn, folder, run }) => {
      const manifest = await run(1, [plugIn]);
      expect(manifest.tables['messages']).toBe(30);
      const archive = join(folder, 'archive');
      await writeViews(nodeDisk, archive, (view, error) => {
        throw new Error(view, { cause: error });
      });
      const sql = await readFile(join(archive, '_view/schema/views.sql'), 'utf8');
      expect(sql).toContain('Here is no view of messages: its files are of plug-ins');
      await expect(current(archive)).rejects.toMatchObject({
        hint: expect.stringContaining('makes the earlier rows in it'),
      });
    });
  });

  it('is not purged, also once it has JSON Lines, and the refusal promises nothing else', async () => {
    await withPlugIn(async ({ plugIn, folder, run }) => {
      const refused = (): Promise<void> =>
        expect(
          purgeArchive(join(folder, 'archive'), { kind: 'messages', ids: ['ops-3'] }, { ...here, ...stated }),
        ).rejects.toMatchObject({
          kind: 'usage',
          hint: expect.stringMatching(/^Nothing was changed\. .*begun by a job without that format can be purged$/),
        });
      await run(1, [plugIn]);
      await refused();
      await run(2, [plugIn, { format: 'jsonl' }]);
      await refused();
    });
  });
});
