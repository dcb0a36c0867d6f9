import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { verifyArchive } from '../../src/archive/verify/verify.ts';
import { walkFiles } from '../../src/archive/walk-files.ts';
import { compactArchive } from '../../src/compaction/compact-archive.ts';
import { serveWorkspace } from '../../src/demo/server/server.ts';
import { storeMessage } from '../../src/demo/workspace/stored-message.ts';
import { runJob } from '../../src/pipeline.ts';
import { nodeDisk } from '../../src/system/disk.ts';
import { inTemporaryFolder } from '../support/disk/temporary-folder.ts';
import { here, jobFor } from '../support/runs/run-here.ts';
import { fileWorkspace, send } from '../support/workspaces/file-workspace.ts';
import { plainMessage } from '../support/workspaces/small-workspace.ts';

async function filesWith(archive: string, text: string): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { path, name } of walkFiles(nodeDisk, archive))
    if (readFileSync(path).includes(text)) found.push(name);
  return found;
}

it('of the latest rows keeps the files of messages, and shows no version that is gone', () =>
  inTemporaryFolder(async (archive) => {
    const chat = fileWorkspace([{ id: 'one' }, { id: 'two' }]);
    const words = (msg: string, updated: string) =>
      storeMessage(plainMessage(7, { _id: 'edited', rid: 'alpha', msg, _updatedAt: updated }));
    chat.room('alpha')?.insert(words('regrettable', '2024-01-01T00:00:07.000Z'));
    chat.removeUpload('two');
    const served = await serveWorkspace(chat);
    const job = jobFor(served.url, archive, { extract: [{ rooms: ['*'] }], attachments: {}, transcript: true });
    try {
      await runJob(job, here);
      chat.room('alpha')?.replace(words('considered', '2026-11-20T00:00:00.000Z'));
      send(chat, { id: 'two' });
      send(chat, { id: 'three' });
      await runJob(job, here);
      expect((await filesWith(archive, 'regrettable')).some((name) => name.startsWith('_view/transcript/'))).toBe(true);

      // As left by a run that was killed while it made the pages.
      mkdirSync(join(archive, '_view/transcript.tmp'));
      writeFileSync(join(archive, '_view/transcript.tmp/page.html'), 'regrettable');
      const { kind } = await compactArchive(archive, { ...here, keeps: 'latest' });
      expect(kind).toBe('compacted');
      expect(await filesWith(archive, 'regrettable')).toEqual([]);
      expect(await nodeDisk.list(join(archive, '_view'))).toEqual(['schema', 'transcript']);
      const rows = (await filesWith(archive, '"file_id"')).filter((name) => name.startsWith('files/'));
      expect(rows).toHaveLength(1);
      const text = readFileSync(join(archive, rows[0] ?? ''), 'utf8').trimEnd();
      const files = text.split('\n').map((line): unknown => JSON.parse(line));
      expect(files).toHaveLength(
        new Set(files.map((row) => JSON.stringify(row).replace(/.*"file_id":"(\w+)".*/, '$1'))).size,
      );
      for (const id of ['one', 'two', 'three'])
        expect(files).toContainEqual(expect.objectContaining({ file_id: id, status: 'saved' }));
      expect(await filesWith(archive, 'content of one')).toHaveLength(1);
      expect(await verifyArchive(archive)).toMatchObject({ differences: [] });

      await runJob(job, here);
      expect((await filesWith(archive, 'considered')).some((name) => name.startsWith('_view/transcript/'))).toBe(true);
    } finally {
      await served.close();
    }
  }));
