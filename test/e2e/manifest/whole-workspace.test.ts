import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parseManifest } from '../../../src/archive/manifest/manifest-json.ts';
import type { Manifest } from '../../../src/archive/manifest/manifest.ts';
import { manifestPath } from '../../../src/archive/paths.ts';
import { readStoredState } from '../../../src/archive/stored-state/read-stored-state.ts';
import { sampleLogin } from '../../../src/demo/sample/sample-login.ts';
import { createSampleWorkspace } from '../../../src/demo/sample/sample-workspace.ts';
import { canRead } from '../../../src/demo/server/can-read.ts';
import { serveWorkspace } from '../../../src/demo/server/server.ts';
import type { WorkspaceRoom } from '../../../src/demo/workspace/workspace-room.ts';
import { nodeDisk } from '../../../src/system/disk.ts';
import { inTemporaryFolder } from '../../support/disk/temporary-folder.ts';
import { loginAt, runProgram } from '../../support/program/program.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';

const longIt = quickOrLong(it.skip, it);

/** The whole workspace, on machines that may be busy. */
const timeoutMs = 60_000;

interface Exported {
  readonly manifest: Manifest;
  readonly stdout: string;
  /** By room id: ids of the messages in the table, sorted. */
  readonly idsOf: (roomId: string) => readonly unknown[];
  /** By room id, of rooms that were not read. */
  readonly reasonOf: (roomId: string) => string | undefined;
  readonly rooms: readonly WorkspaceRoom[];
  readonly isReadable: (room: WorkspaceRoom) => boolean;
  readonly isJoined: (room: WorkspaceRoom) => boolean;
}

/** What `export --rooms '*'` makes of the sample workspace, which has a room of every kind. */
async function exported(flags: readonly string[], use: (exported: Exported) => void): Promise<void> {
  const workspace = createSampleWorkspace();
  const served = await serveWorkspace(workspace);
  const { userId } = sampleLogin;
  const user = workspace.findUser(({ id }) => id === userId);
  if (user === undefined) throw new Error('The sample login is nobody');
  try {
    await inTemporaryFolder(async (folder) => {
      const words = ['export', '--rooms', '*', '--format', 'jsonl', '--output', folder, ...flags];
      const { code, stdout, stderr } = await runProgram(words, { cwd: folder, env: loginAt(served.url) });
      expect([code, stderr.split('\n').filter((line) => line.startsWith('error'))]).toEqual([0, []]);
      const { manifest } = parseManifest(await readFile(join(folder, manifestPath(1))));
      if (manifest.kind !== 'export') throw new Error('The first link is no run');
      const texts = await Promise.all(manifest.files.map(({ path }) => readFile(join(folder, path), 'utf8')));
      const rows = texts.flatMap((text) =>
        text
          .split('\n')
          .filter(Boolean)
          .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>),
      );
      const { leftOut = {} } = await readStoredState(nodeDisk, folder);
      use({
        ...{ manifest, stdout, rooms: workspace.rooms },
        idsOf: (roomId) => rows.flatMap(({ room_id, message_id }) => (room_id === roomId ? [message_id] : [])).sort(),
        reasonOf: (roomId) => leftOut[roomId]?.reason,
        isReadable: (room) => canRead({ workspace, user, rules: served.rules }, room),
        isJoined: ({ memberIds, withheld }) => memberIds.has(userId) && !withheld.has(userId),
      });
    });
  } finally {
    await served.close();
  }
}

const visible = ({ messages }: WorkspaceRoom): readonly string[] =>
  messages.flatMap(({ id, hidden }) => (hidden ? [] : [id])).sort();

/** Every room is seen, and is either read or left out for one reason. */
function expectBalanced({ coverage }: Manifest): void {
  if (coverage === undefined) throw new Error('The manifest does not say what was left out');
  const { seen, read, leftOut } = coverage.rooms;
  expect(read + Object.values(leftOut).reduce<number>((sum, count) => sum + (count ?? 0), 0)).toBe(seen);
}

describe('a workspace of every kind of room', () => {
  longIt(
    'is exported by `export --rooms *`: each room that is joined whole, and each other one for a reason',
    async () => {
      await exported([], ({ manifest, stdout, idsOf, reasonOf, rooms, isReadable, isJoined }) => {
        expect(new Set(rooms.map(({ type }) => type))).toEqual(new Set(['p', 'c', 'd', 'l']));
        for (const room of rooms) {
          const ids = idsOf(room.id);
          if (isJoined(room)) {
            expect([room.name, ids, reasonOf(room.id)]).toEqual([room.name, visible(room), undefined]);
            continue;
          }
          // Channels that are not joined are counted, and not named; of a group that is closed to it a login learns nothing.
          const status =
            room.withheld.get(sampleLogin.userId) ?? (isReadable(room) && room.type !== 'c' ? 'none' : 'unknown');
          const reason = { INVITED: 'invited', BANNED: 'banned', none: 'not-joined', unknown: undefined }[status];
          expect([room.name, ids, reasonOf(room.id)]).toEqual([room.name, [], reason]);
        }
        const seen = rooms.filter((room) => isReadable(room) || room.withheld.has(sampleLogin.userId));
        const listed = rooms.filter((room) => isJoined(room) || room.withheld.has(sampleLogin.userId)).length;
        expect(manifest.coverage?.rooms).toMatchObject({
          ...{ seen: seen.length, joined: listed },
          read: rooms.filter(isJoined).length,
          leftOut: { 'not-joined': 2, invited: 1, banned: 1, refused: 0, gone: 0, 'no-entry': 0, 'kind-not-asked': 0 },
        });
        expectBalanced(manifest);
        const read = rooms.filter(isJoined).flatMap(({ messages }) => messages.filter(({ hidden }) => !hidden));
        const encrypted = read.filter((message) => message.document()['t'] === 'e2e').length;
        expect(encrypted).toBeGreaterThan(10);
        expect(manifest.coverage?.encryptedMessages).toBe(encrypted);
        expect(manifest.coverage).toMatchObject({ incomplete: [], listsOutsidePeriod: 0 });
        expect(manifest.gaps).toEqual([]);
        expect(stdout).toContain(`rooms: ${listed} of this login and ${seen.length - listed} others seen`);
        expect(stdout).toContain(`${encrypted} encrypted`);
      });
    },
    timeoutMs,
  );

  longIt(
    'is exported with `--scope readable` to the last room that the login can read',
    async () => {
      await exported(['--scope', 'readable'], ({ manifest, idsOf, rooms, isReadable }) => {
        expect(rooms.filter((room) => !isReadable(room)).length).toBeGreaterThan(0);
        for (const room of rooms)
          expect([room.name, idsOf(room.id)]).toEqual([room.name, isReadable(room) ? visible(room) : []]);
        expectBalanced(manifest);
        expect(manifest.coverage?.rooms.read).toBe(rooms.filter(isReadable).length);
      });
    },
    timeoutMs,
  );
});
