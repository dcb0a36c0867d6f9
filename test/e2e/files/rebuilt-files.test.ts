import { expect, it } from '@jest/globals';
import { serveWorkspace } from '../../../src/demo/server/server.ts';
import { runJob } from '../../../src/pipeline.ts';
import { purgeArchive } from '../../../src/purge/purge-archive.ts';
import { rebuildArchive } from '../../../src/rebuild/rebuild-archive.ts';
import { withArchive } from '../../support/disk/temporary-folder.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';
import { here } from '../../support/runs/run-here.ts';
import { fullJob, newProcess } from '../../support/runs/new-process.ts';
import { fileWorkspace, send } from '../../support/workspaces/file-workspace.ts';

const longIt = quickOrLong(it.skip, it);

longIt('accused an honest archive where a purge had moved rows before the job began to save files', async () => {
  const workspace = fileWorkspace([{ id: 'one' }, { id: 'gone' }]);
  const served = await serveWorkspace(workspace);
  await withArchive(async (archive) => {
    const job = fullJob(served.url, archive, {
      ...{
        extract: [{ rooms: ['*'] }],
        transform: { tables: ['messages'] },
        sinks: [{ format: 'jsonl' }],
        raw: 'keep',
      },
    });
    await runJob(job, newProcess());
    send(workspace, { id: 'two' });
    await runJob(job, newProcess());
    const target = { kind: 'messages', ids: ['alpha-000001'] } as const;
    await purgeArchive(archive, target, { ...here, reason: 'a password', by: 'security' });
    const manifest = await runJob({ ...job, attachments: {} }, newProcess());
    expect(manifest.tables['files']).toBe(2);
    expect((await rebuildArchive(archive, `${archive}-rebuilt`)).differences).toEqual([]);
  }).finally(() => served.close());
});
