import { describe, expect, it } from '@jest/globals';
import { sampleLogin } from '../../../src/demo/sample/sample-login.ts';
import { InterruptedError } from '../../../src/errors.ts';
import { runJob } from '../../../src/pipeline.ts';
import { inflict } from '../../support/network/faults.ts';
import { idsInArchive } from '../../support/archives/ids-in-archive.ts';
import { CrashLab } from '../../support/runs/crash-lab.ts';
import { newProcess } from '../../support/runs/new-process.ts';
import { post } from '../../support/workspaces/three-rooms.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';

/** What makes the server refuse the room, and what mends it. */
const refusals: Readonly<Record<string, (lab: CrashLab) => () => void>> = {
  'was archived': ({ workspace }) => {
    const room = roomIn(workspace);
    room.archived = true;
    return () => (room.archived = false);
  },
  'is closed to the login': ({ workspace }) => {
    const room = roomIn(workspace);
    room.memberIds.delete(sampleLogin.userId);
    return () => room.memberIds.add(sampleLogin.userId);
  },
  'became a channel': ({ workspace }) => {
    const room = roomIn(workspace);
    room.type = 'c';
    return () => (room.type = 'p');
  },
  'answers one request with 400': ({ server }) => {
    let refused = 0;
    const refuse = inflict(({ endpoint }) =>
      endpoint === 'groups.messages' && refused++ === 0
        ? {
            kind: 'answer',
            status: 400,
            contentType: 'application/json',
            body: '{"success":false,"error":"no [error-not-allowed]"}',
          }
        : null,
    );
    server.rules.intercept = refuse;
    return () => (server.rules.intercept = null);
  },
};

function roomIn(workspace: CrashLab['workspace']) {
  const room = workspace.room('alpha');
  if (room === undefined) throw new Error('There is no room "alpha"');
  return room;
}

describe('a run that was cut in mid-walk, of a room whose first request is refused when it is resumed', () => {
  it.each(Object.keys(refusals).slice(-quickOrLong(1, 4)))(
    'leaves no row to be written twice: the room %s',
    async (how) => {
      const lab = await CrashLab.open([60, 5, 5], {
        extract: [{ endpoint: 'groups.messages', rooms: ['alpha-room'] }],
        transform: { tables: ['messages'] },
        sinks: [{ format: 'jsonl' }],
        concurrency: 1,
      });
      const cutAndRefused = lab.withArchive(async (archive) => {
        await runJob(lab.job(archive), newProcess());
        post(lab.workspace, 'alpha', 40);
        const cut = new AbortController();
        let pages = 0;
        const interrupted = runJob(
          lab.job(archive),
          newProcess({
            signal: cut.signal,
            onEvent: ({ kind }) => {
              if (kind === 'page' && ++pages === 3) cut.abort(new InterruptedError('SIGTERM'));
            },
          }),
        );
        await expect(interrupted).rejects.toBeInstanceOf(InterruptedError);

        const mend = refusals[how]?.(lab);
        const refused = await runJob(lab.job(archive), newProcess());
        expect(refused.gaps).toHaveLength(1);
        expect(refused.tables['messages']).toBeGreaterThan(0);
        mend?.();
        await runJob(lab.job(archive), newProcess());

        const visible = roomIn(lab.workspace).messages.filter(({ hidden }) => !hidden);
        expect(await idsInArchive(archive)).toEqual(visible.map(({ id }) => id).sort());
      });
      await cutAndRefused.finally(() => lab.close());
    },
  );
});
