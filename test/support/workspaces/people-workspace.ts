import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Manifest } from '../../../src/archive/manifest/manifest.ts';
import { sampleLogin } from '../../../src/demo/sample/sample-login.ts';
import type { Rules } from '../../../src/demo/server/rules.ts';
import { serveWorkspace, type ServedWorkspace } from '../../../src/demo/server/server.ts';
import { storeMessage } from '../../../src/demo/workspace/stored-message.ts';
import { Workspace, type WorkspaceUser } from '../../../src/demo/workspace/workspace.ts';
import { WorkspaceRoom, type RoomSetup } from '../../../src/demo/workspace/workspace-room.ts';
import type { Environment } from '../../../src/environment.ts';
import type { Job } from '../../../src/job/job.ts';
import type { TableName } from '../../../src/model/table-name.ts';
import { runJob } from '../../../src/pipeline.ts';
import { currentTable } from '../../../src/snapshot/current-table.ts';
import { nodeDisk } from '../../../src/system/disk.ts';
import { inTemporaryFolder } from '../disk/temporary-folder.ts';
import { here, jobFor } from '../runs/run-here.ts';
import { plainMessage, smallStartMs } from './small-workspace.ts';

const self = sampleLogin.userId;

export function person(id: string, fields: Partial<WorkspaceUser> = {}): WorkspaceUser {
  return {
    ...{ id, username: id, name: `The ${id}`, roles: ['user'], email: `${id}@example.org` },
    ...{ password: null, totpCode: null },
    ...fields,
  };
}

type Line = Readonly<Record<string, unknown>>;

export interface PeopleSetting {
  readonly served: ServedWorkspace;
  readonly workspace: Workspace;
  readonly archive: string;
  readonly room: (id: string) => WorkspaceRoom;
  /** Somebody says something in a room, which shows in the room list. */
  readonly post: (roomId: string, userId?: string) => void;
  readonly run: (fields?: Partial<Job>, environment?: Partial<Environment>) => Promise<Manifest>;
  /** Rows of a table that a run wrote. */
  readonly rowsOf: (manifest: Manifest, table: string) => Promise<readonly Line[]>;
  /** What is true of a table after all runs. */
  readonly latest: (table: TableName) => Promise<readonly Line[]>;
  /** Requests since the last call, by endpoint. */
  readonly asked: () => Readonly<Record<string, number>>;
}

const tables = ['messages', 'users', 'room_members'] as const;

/** A workspace of a few people in a group, a channel, a direct room and a chat with a visitor. */
export async function withPeople(
  use: (setting: PeopleSetting) => Promise<void>,
  rules: Partial<Rules> = {},
  setups: readonly Partial<RoomSetup>[] = [],
): Promise<void> {
  const login = person(self, { username: sampleLogin.user, name: 'Ines Marlow', utcOffset: 1 });
  const users = [login, person('ana'), person('bob'), person('bot', { roles: ['bot'], type: 'bot' })];
  const rooms = [
    { id: 'ops', type: 'p', name: 'ops', memberIds: [self, 'ana', 'bot'], memberRoles: { ana: ['owner'] } } as const,
    { id: 'general', type: 'c', name: 'general', memberIds: [self, 'ana', 'bob'] } as const,
    { id: `${self}ana`, type: 'd', name: `${sampleLogin.user},ana`, memberIds: [self, 'ana'] } as const,
    { id: 'visit', type: 'l', name: 'Marguerite', memberIds: [self] } as const,
  ].map((setup, at) => new WorkspaceRoom({ ...setup, createdAtMs: smallStartMs, ...setups[at] }));
  const workspace = new Workspace({ users, rooms, tokens: { [sampleLogin.authToken]: self } });
  const served = await serveWorkspace(workspace, rules);
  let posts = 0;
  let seen = 0;
  const room = (id: string): WorkspaceRoom => {
    const found = workspace.room(id);
    if (found === undefined) throw new Error(`There is no room "${id}"`);
    return found;
  };
  try {
    await inTemporaryFolder((folder) => {
      const archive = join(folder, 'archive');
      return use({
        ...{ served, workspace, archive, room },
        post: (roomId, userId = 'ana') => {
          posts += 1;
          const sender = workspace.findUser(({ id }) => id === userId) ?? person(userId);
          const { id: _id, username, name } = sender;
          const message = { ...plainMessage(posts), _id: `m${posts}`, rid: roomId, u: { _id, username, name } };
          room(roomId).insert(storeMessage(message));
        },
        run: (fields, environment) =>
          runJob(jobFor(served.url, archive, { extract: [{ rooms: ['*'] }], transform: { tables }, ...fields }), {
            ...here,
            ...environment,
          }),
        rowsOf: async ({ files }, table) => {
          const own = files.filter((file) => file.table === table);
          const texts = await Promise.all(own.map(({ path }) => readFile(join(archive, path), 'utf8')));
          const lines = texts.flatMap((text) => text.split('\n').filter((line) => line !== ''));
          return lines.map((line) => JSON.parse(line) as Line);
        },
        latest: async (table) => {
          const rows: Line[] = [];
          for await (const batch of (await currentTable(nodeDisk, archive, table)).rows) rows.push(...batch);
          return rows;
        },
        asked: () => {
          const counts: Record<string, number> = {};
          for (const { endpoint } of served.requests.slice(seen)) counts[endpoint] = (counts[endpoint] ?? 0) + 1;
          seen = served.requests.length;
          return counts;
        },
      });
    });
  } finally {
    await served.close();
  }
}
