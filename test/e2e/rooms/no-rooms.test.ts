import { describe, expect, it } from '@jest/globals';
import { JobError } from '../../../src/errors.ts';
import { Workspace } from '../../../src/demo/workspace/workspace.ts';
import { sampleUsers } from '../../../src/demo/sample/people.ts';
import { sampleLogin } from '../../../src/demo/sample/sample-login.ts';
import { serveWorkspace } from '../../../src/demo/server/server.ts';
import type { Job } from '../../../src/job/job.ts';
import { runJob } from '../../../src/pipeline.ts';
import { noRoomsNote } from '../../../src/record/notes/no-rooms-note.ts';
import { fullJob, newProcess } from '../../support/runs/new-process.ts';
import { withArchive } from '../../support/disk/temporary-folder.ts';
import { createSmallWorkspace } from '../../support/workspaces/small-workspace.ts';

const { userId, authToken } = sampleLogin;
const empty = (): Workspace => new Workspace({ users: sampleUsers, rooms: [], tokens: { [authToken]: userId } });

async function run(workspace: Workspace, rooms: readonly string[]): Promise<Awaited<ReturnType<typeof runJob>>> {
  const served = await serveWorkspace(workspace);
  const extract: Job['extract'] = [{ endpoint: 'groups.messages', rooms }];
  try {
    return await withArchive((archive) =>
      runJob(fullJob(served.url, archive, { extract, sinks: [{ format: 'jsonl' }] }), newProcess()),
    );
  } finally {
    await served.close();
  }
}

describe('a job that finds no room', () => {
  it('makes an archive without rooms, and a note, of an empty workspace', async () => {
    const manifest = await run(empty(), ['*']);
    expect(manifest).toMatchObject({ run: 1, gaps: [], lists: [] });
    expect(manifest.notes).toContain(noRoomsNote);
  });

  it('does so when it excludes each', async () => {
    const manifest = await run(createSmallWorkspace(3), ['*', '!small']);
    expect(manifest).toMatchObject({ run: 1, gaps: [], lists: [] });
    expect(manifest.notes).toContain(noRoomsNote);
  });

  it.each(['ops', 'ops-*'])('is refused when it names one: %s', (name) =>
    expect(run(empty(), [name])).rejects.toThrow(JobError),
  );
});

it('reads the others when an exclusion matches no room', async () => {
  const manifest = await run(createSmallWorkspace(3), ['*', '!ops-noise']);
  expect(manifest).toMatchObject({ gaps: [], tables: { messages: 3 } });
  expect(manifest.notes).not.toContain(noRoomsNote);
});
