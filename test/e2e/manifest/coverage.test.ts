import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readStoredState } from '../../../src/archive/stored-state/read-stored-state.ts';
import { verifyArchive } from '../../../src/archive/verify/verify.ts';
import type { Manifest } from '../../../src/archive/manifest/manifest.ts';
import { runReport } from '../../../src/cli/report/run/run-report.ts';
import { sampleLogin } from '../../../src/demo/sample/sample-login.ts';
import { createSampleWorkspace } from '../../../src/demo/sample/sample-workspace.ts';
import { serveWorkspace } from '../../../src/demo/server/server.ts';
import type { Workspace } from '../../../src/demo/workspace/workspace.ts';
import type { Job } from '../../../src/job/job.ts';
import { runJob } from '../../../src/pipeline.ts';
import { nodeDisk } from '../../../src/system/disk.ts';
import { here, jobFor } from '../../support/runs/run-here.ts';
import { inTemporaryFolder } from '../../support/disk/temporary-folder.ts';
import { inflict, unauthorized } from '../../support/network/faults.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';

const longIt = quickOrLong(it.skip, it);

interface Setting {
  readonly archive: string;
  readonly workspace: Workspace;
  readonly run: (extract: Job['extract'], tables?: Job['transform']['tables']) => Promise<Manifest>;
}

const refusedRoom = 'GENERAL';

async function withSample(use: (setting: Setting) => Promise<void>, isRefused = () => false): Promise<void> {
  const workspace = createSampleWorkspace();
  const intercept = inflict(({ endpoint, params }) =>
    isRefused() && endpoint === 'channels.messages' && params['roomId'] === refusedRoom ? unauthorized : null,
  );
  const served = await serveWorkspace(workspace, { intercept });
  try {
    await inTemporaryFolder((archive) =>
      use({
        ...{ archive, workspace },
        run: (extract, tables = ['messages']) =>
          runJob(jobFor(served.url, archive, { extract, transform: { tables } }), here),
      }),
    );
  } finally {
    await served.close();
  }
}

const nothing = { 'no-entry': 0, 'kind-not-asked': 0, 'not-joined': 0, invited: 0, banned: 0, refused: 0, gone: 0 };

describe('what a manifest says of what was not read', () => {
  longIt('counts every room of the workspace once, by reason, and names it when that changes', async () => {
    await withSample(async ({ archive, workspace, run }) => {
      const first = await run([{ rooms: ['*'] }]);
      expect(first.coverage?.rooms).toEqual({
        // A channel, and a discussion that a message of another room started.
        ...{ seen: 17, joined: 15, read: 13 },
        leftOut: { ...nothing, 'not-joined': 2, invited: 1, banned: 1 },
      });
      expect(first.coverage?.changed.map(({ room, before, now }) => [room.name, before, now]).sort()).toEqual([
        ['Generator test in March', null, 'not-joined'],
        ['memes', null, 'banned'],
        ['partner-north-wind', null, 'invited'],
      ]);
      expect((await run([{ rooms: ['*'] }])).coverage).toEqual({
        ...{
          rooms: first.coverage?.rooms,
          changed: [],
          encryptedMessages: 0,
          filesNotDownloaded: 0,
          listsOutsidePeriod: 0,
          hiddenTypes: { lists: 0, types: [] },
          incomplete: [],
          outdated: [],
        },
      });

      const groups = await run([{ rooms: ['*', '!ops-oncall'], endpoint: 'groups.messages' }]);
      expect(groups.coverage?.rooms).toEqual({
        ...{ seen: 16, joined: 15, read: 9 },
        leftOut: { ...nothing, 'no-entry': 1, 'kind-not-asked': 4, 'not-joined': 1, invited: 1 },
      });
      expect(groups.coverage?.changed).toContainEqual({
        ...{ room: { id: 'GENERAL', name: 'general', type: 'channel' }, before: null, now: 'kind-not-asked' },
      });

      for (const { id, memberIds } of workspace.rooms) if (id === 'GENERAL') memberIds.delete(sampleLogin.userId);
      const left = await run([{ rooms: ['*'] }]);
      expect(left.coverage?.rooms).toEqual({
        ...{ seen: 18, joined: 14, read: 12 },
        leftOut: { ...nothing, 'not-joined': 3, invited: 1, banned: 1, gone: 1 },
      });
      const { leftOut = {} } = await readStoredState(nodeDisk, archive);
      expect(
        Object.values(leftOut)
          .map(({ roomName, reason }) => [roomName, reason])
          .sort(),
      ).toEqual([
        ['Generator test in March', 'not-joined'],
        ['general', 'gone'],
        ['memes', 'banned'],
        ['partner-north-wind', 'invited'],
      ]);
      expect((await verifyArchive(archive)).differences).toEqual([]);
    });
  });

  it('has one number of rooms of the login, that of the command rooms, whatever the job selects', async () => {
    await withSample(async ({ archive, run }) => {
      // All rooms are counted in the test before.
      for (const rooms of quickOrLong([['general'], ['hiring-*']], [['general'], ['ops-*'], ['*']])) {
        const manifest = await run([{ rooms }], ['messages']);
        expect(manifest.coverage?.rooms.joined).toBe(15);
        expect(runReport(manifest, { archive, cwd: archive, tookMs: 0 })).toMatch(/^rooms: 15 /m);
      }
    });
  });

  longIt('counts what is readable and not joined as read, with that scope', async () => {
    await withSample(async ({ run }) => {
      const { coverage } = await run([{ rooms: ['*', '!office-*'], scope: 'readable' }]);
      expect(coverage?.rooms).toEqual({
        ...{ seen: 17, joined: 15, read: 14 },
        leftOut: { ...nothing, 'no-entry': 1, 'not-joined': 0, invited: 1, banned: 1 },
      });
    });
  });

  longIt('names a room that the server refuses, and no longer when it can be read', async () => {
    let isRefused = true;
    await withSample(
      async ({ run }) => {
        const rooms: Job['extract'] = [{ rooms: ['general', 'ops-oncall'] }];
        const refused = await run(rooms);
        expect(refused.coverage?.rooms).toMatchObject({ read: 1, leftOut: { refused: 1 } });
        isRefused = false;
        const { coverage } = await run(rooms);
        expect(coverage?.rooms).toMatchObject({ read: 2, leftOut: { refused: 0 } });
        expect(coverage?.changed).toEqual([
          { room: { id: 'GENERAL', name: 'general', type: 'channel' }, before: 'refused', now: null },
        ]);
      },
      () => isRefused,
    );
  });

  longIt(
    'counts encrypted messages and files once, though two lists have them, and shows them with the summary',
    async () => {
      await withSample(async ({ archive, run }) => {
        const tables = ['messages', 'mentioned_messages', 'attachments'] as const;
        const manifest = await run([{ rooms: ['*'] }, { rooms: ['*'], endpoint: 'chat.getMentionedMessages' }], tables);
        const rowsOf = async (table: string): Promise<readonly Readonly<Record<string, unknown>>[]> => {
          const paths = manifest.files.filter((file) => file.table === table).map(({ path }) => join(archive, path));
          const texts = await Promise.all(paths.map((path) => readFile(path, 'utf8')));
          const lines = texts.flatMap((text) => text.split('\n').filter((line) => line !== ''));
          return lines.map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
        };
        const encrypted = (await rowsOf('messages')).filter((row) => row['encrypted'] === true).length;
        const files = (await rowsOf('attachments')).filter(
          (row) => row['file_id'] !== null && row['kind'] !== 'removed',
        );
        expect(encrypted).toBeGreaterThan(0);
        expect(files.length).toBeGreaterThan(0);
        expect(manifest.coverage).toMatchObject({ encryptedMessages: encrypted, filesNotDownloaded: files.length });
        const report = runReport(manifest, { archive, cwd: archive, tookMs: 1 });
        expect(report).toContain(
          'rooms: 15 of this login and 2 others seen, 13 in the archive, and of 13 the mentions of the login; left out: 0 that no entry names, 0 of a kind not asked for, 2 not joined, 1 only invited to, 1 banned from, 0 refused, 0 gone\n',
        );
        expect(report).toContain(
          `of the messages read: ${encrypted} encrypted, ${files.length} files not downloaded, 0 values of a wrong type, null in the tables\n`,
        );
        expect(report).toContain(
          'lists: 0 with messages outside the period, 1 read by history, and the workspace hides no type of message\n',
        );
      });
    },
  );
});
