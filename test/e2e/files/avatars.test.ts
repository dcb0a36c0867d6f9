import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { verifyArchive } from '../../../src/archive/verify/verify.ts';
import { loginUser } from '../../../src/demo/sample/people.ts';
import { serveWorkspace, type ServedWorkspace } from '../../../src/demo/server/server.ts';
import type { Job } from '../../../src/job/job.ts';
import { runJob } from '../../../src/pipeline.ts';
import { purgeArchive } from '../../../src/purge/purge-archive.ts';
import { rebuildArchive } from '../../../src/rebuild/rebuild-archive.ts';
import { nodeDisk } from '../../../src/system/disk.ts';
import { withArchive } from '../../support/disk/temporary-folder.ts';
import { here, jobFor } from '../../support/runs/run-here.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';
import { fileWorkspace, send } from '../../support/workspaces/file-workspace.ts';

const longIt = quickOrLong(it.skip, it);

const picture = (id: string, type = 'image/png') => ({
  ...{ id, name: id, type, content: Buffer.from(`picture ${id}`), uploadedAtMs: 1_600_000_000_000 },
});
const mine = `avatar:user:${loginUser._id}`;
const myPath = `_files/avatar%3Auser%3A${loginUser._id}/${loginUser.username}.png`;
const avatars = { [loginUser.username]: picture('me'), 'room/alpha': picture('alpha', 'image/jpeg; charset=binary') };

async function served(
  use: (url: string, chat: ReturnType<typeof fileWorkspace>, server: ServedWorkspace) => Promise<void>,
) {
  const chat = fileWorkspace([{ id: 'one' }], avatars);
  const server = await serveWorkspace(chat);
  await use(server.url, chat, server).finally(() => server.close());
}

const jobOf = (url: string, archive: string, fields: Partial<Job> = {}): Job =>
  jobFor(url, archive, { extract: [{ rooms: ['*'] }], attachments: { avatars: true, types: ['text/*'] }, ...fields });

async function rowsOf(archive: string, run: number): Promise<readonly unknown[]> {
  const text = await readFile(join(archive, `files/run-00000${run}-0001.jsonl`), 'utf8');
  return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as unknown]));
}

describe('a job with avatars', () => {
  it('saves the pictures of senders and rooms, as what they are, and asks for each once', () =>
    withArchive((archive) =>
      served(async (url, chat, server) => {
        await runJob(jobOf(url, archive), here);
        expect(await rowsOf(archive, 1)).toMatchObject([
          { file_id: 'one', message_id: 'alpha-000000', status: 'saved' },
          {
            ...{ file_id: mine, message_id: null, room_id: null, name: loginUser.username, mime_type: 'image/png' },
            ...{ path: myPath, size_bytes: 10, status: 'saved' },
          },
          {
            ...{ file_id: 'avatar:room:alpha', message_id: null, room_id: 'alpha', name: 'alpha-room' },
            ...{ mime_type: 'image/jpeg', path: '_files/avatar%3Aroom%3Aalpha/alpha-room.jpg', status: 'saved' },
          },
        ]);
        expect(await readFile(join(archive, myPath), 'utf8')).toBe('picture me');
        send(chat, { id: 'two' });
        await runJob(jobOf(url, archive), { ...here, everyRoom: true });
        expect(server.requests.filter(({ endpoint }) => endpoint.startsWith('/avatar/'))).toHaveLength(2);
        expect((await verifyArchive(archive)).differences).toEqual([]);
      }),
    ));

  longIt(
    'completes an archive of runs that saved none, says who has none, and looks again with their next message',
    () =>
      withArchive((archive) =>
        served(async (url, chat, { rules }) => {
          await runJob(jobOf(url, archive, { attachments: {} }), here);
          // Who may not see them is shown letters, too.
          rules.intercept = ({ request }) => {
            delete request.headers.cookie;
            return false;
          };
          rules.blocksAvatars = true;
          const second = await runJob(jobOf(url, archive), here);
          // Nothing that the archive lacks.
          expect(second.coverage?.files?.notSaved).toEqual({});
          expect(await rowsOf(archive, 2)).toMatchObject([
            { file_id: 'avatar:room:alpha', status: 'missing' },
            { file_id: mine, status: 'missing', error: 'there is none: the server draws letters', path: null },
          ]);
          rules.intercept = null;
          expect((await runJob(jobOf(url, archive), here)).tables['files']).toBe(0);
          send(chat, { id: 'two' });
          const third = await runJob(jobOf(url, archive), { ...here, everyRoom: true });
          expect(third.coverage?.files).toMatchObject({ saved: 3, notSaved: {} });
          const rows = await rowsOf(archive, 4);
          expect(rows).toHaveLength(3);
          expect(rows).toContainEqual(expect.objectContaining({ file_id: mine, path: myPath, status: 'saved' }));
        }),
      ),
  );

  longIt('loses that of a person who is purged, and makes the table again without', () =>
    withArchive((archive) =>
      served(async (url) => {
        await runJob(jobOf(url, join(archive, 'kept'), { raw: 'keep' }), here);
        const kept = join(archive, 'kept');
        const { equal, files, differences } = await rebuildArchive(kept, join(archive, 'rebuilt'));
        expect({ equal, differences }).toEqual({ equal: files, differences: [] });
        const target = { kind: 'user', name: loginUser.username } as const;
        await purgeArchive(kept, target, { ...here, reason: 'r', by: 'b' });
        expect(await nodeDisk.list(join(kept, '_files'))).toEqual(['avatar%3Aroom%3Aalpha']);
        expect(JSON.stringify(await rowsOf(kept, 2))).not.toContain(loginUser.username);
        expect((await verifyArchive(kept)).differences).toEqual([]);
        expect((await rebuildArchive(kept, join(archive, 'again'))).differences).toEqual([]);
      }),
    ),
  );
});

longIt('a file that the server keeps for members of its room is forbidden, and named', () =>
  withArchive((archive) =>
    served(async (url, chat, { rules }) => {
      rules.restrictsFiles = true;
      const first = await runJob(jobOf(url, archive), here);
      expect(first.coverage?.files?.notSaved).toEqual({});
      send(chat, { id: 'two' });
      chat.setUpload({ ...picture('two', 'text/plain'), roomId: 'another' });
      const second = await runJob(jobOf(url, archive), { ...here, everyRoom: true });
      expect(second.coverage?.files).toMatchObject({
        notSaved: { forbidden: 1 },
        named: [{ fileId: 'two', status: 'forbidden', error: 'HTTP 403' }],
      });
    }),
  ),
);
