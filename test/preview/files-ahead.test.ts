import { expect, it } from '@jest/globals';
import { filesAheadText } from '../../src/cli/report/files-ahead-text.ts';
import { serveWorkspace } from '../../src/demo/server/server.ts';
import { runJob } from '../../src/pipeline.ts';
import { checkJob } from '../../src/preview/check-job.ts';
import { filesAhead } from '../../src/preview/files-ahead.ts';
import { planJob } from '../../src/preview/plan-job.ts';
import { nodeDisk } from '../../src/system/disk.ts';
import { withArchive } from '../support/disk/temporary-folder.ts';
import { here, jobFor } from '../support/runs/run-here.ts';
import { fileWorkspace, send } from '../support/workspaces/file-workspace.ts';

it('plan and check say how many bytes of files there are to download, by the archive and for what is still to be read', () =>
  withArchive(async (archive) => {
    const chat = fileWorkspace([{ id: 'one' }, { id: 'two', content: 'x'.repeat(1_000) }, { id: 'gone' }]);
    chat.removeUpload('gone');
    const served = await serveWorkspace(chat);
    const job = jobFor(served.url, archive, { extract: [{ rooms: ['*'] }] });
    const withFiles = { ...job, attachments: {} };
    try {
      expect((await planJob(job, here)).files).toBeNull();
      const first = { files: 0, bytes: 0, unsized: 0, expectedBytes: null };
      expect((await planJob(withFiles, here)).files).toEqual(first);
      await runJob(job, here);
      // Of messages that are in the archive already.
      expect((await planJob(withFiles, here)).files).toEqual({ ...first, files: 3, bytes: 14 + 1_000 + 15 });
      expect((await planJob({ ...job, attachments: { maxBytes: 500 } }, here)).files).toMatchObject({
        files: 2,
        bytes: 29,
      });
      await runJob(withFiles, here);
      send(chat, { id: 'three' });
      const ahead = { files: 1, bytes: 15, unsized: 0 };
      // The room list shows no change.
      expect((await planJob(withFiles, here)).files).toEqual({ ...ahead, expectedBytes: 0 });
      // 1,014 bytes were saved of three messages, and one is new.
      expect((await checkJob(withFiles, here)).files).toEqual({ ...ahead, expectedBytes: 338 });
      await runJob(withFiles, here);
      expect(await filesAhead(nodeDisk, withFiles, 4, 10)).toMatchObject({
        files: 1,
        expectedBytes: (10 * (1_014 + 16)) / 4,
      });
    } finally {
      await served.close();
    }
  }));

it('says so in a sentence', () => {
  expect(filesAheadText({ files: 0, bytes: 0, unsized: 0, expectedBytes: null })).toBe(
    'Files: the size of files of messages still to be read is not known yet.',
  );
  expect(filesAheadText({ files: 3, bytes: 4_200_000, unsized: 1, expectedBytes: 87 })).toBe(
    'Files: 3 files of earlier runs to download, 4.2 MB as their messages say; 1 of them without a size; files of messages still to be read: some 87 B, if they are like those so far.',
  );
});
