import { expect, it } from '@jest/globals';
import { verifyArchive } from '../../../src/archive/verify/verify.ts';
import { sampleUsers } from '../../../src/demo/sample/people.ts';
import { sampleLogin } from '../../../src/demo/sample/sample-login.ts';
import { serveWorkspace } from '../../../src/demo/server/server.ts';
import { Workspace } from '../../../src/demo/workspace/workspace.ts';
import { runJob } from '../../../src/pipeline.ts';
import { fullJob, newProcess } from '../../support/runs/new-process.ts';
import { withArchive } from '../../support/disk/temporary-folder.ts';
import { roomOf } from '../../support/workspaces/three-rooms.ts';

it('archives rooms whose ids are longer than a file name may be (ENAMETOOLONG)', async () => {
  const ids = ['x'.repeat(300), `${'x'.repeat(300)}y`, 'Ж'.repeat(200)];
  const workspace = new Workspace({
    users: sampleUsers,
    rooms: ids.map((id) => roomOf(id, 5)),
    tokens: { [sampleLogin.authToken]: sampleLogin.userId },
  });
  const server = await serveWorkspace(workspace, {});
  try {
    await withArchive(async (archive) => {
      const job = fullJob(server.url, archive, { partition: 'room', raw: 'keep', sinks: [{ format: 'jsonl' }] });
      const { gaps, tables } = await runJob(job, newProcess());
      expect({ gaps, messages: tables['messages'] }).toEqual({ gaps: [], messages: 15 });
      await runJob(job, newProcess());
      expect(await verifyArchive(archive)).toMatchObject({ differences: [] });
    });
  } finally {
    await server.close();
  }
});
