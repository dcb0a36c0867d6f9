import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import type { Manifest } from '../../../src/archive/manifest/manifest.ts';
import { verifyArchive } from '../../../src/archive/verify/verify.ts';
import type { MessageDocument } from '../../../src/demo/workspace/message-document.ts';
import { sampleUsers } from '../../../src/demo/sample/people.ts';
import { sampleLogin } from '../../../src/demo/sample/sample-login.ts';
import { serveWorkspace, type ServedWorkspace } from '../../../src/demo/server/server.ts';
import { storeMessage } from '../../../src/demo/workspace/stored-message.ts';
import { Workspace } from '../../../src/demo/workspace/workspace.ts';
import { WorkspaceRoom, type RoomSetup } from '../../../src/demo/workspace/workspace-room.ts';
import type { Job } from '../../../src/job/job.ts';
import { runJob } from '../../../src/pipeline.ts';
import type { RunOptions } from '../../../src/environment.ts';
import { leapingClock } from '../clocks/leaping-clock.ts';
import { newProcess } from './new-process.ts';
import { plainMessage, smallStartMs } from '../workspaces/small-workspace.ts';
import { jobFor } from './run-here.ts';
import { inTemporaryFolder } from '../disk/temporary-folder.ts';

export type Row = Readonly<Record<string, unknown>>;

export const messagesAtStart = 30;
export const mentionOfTheLogin = [{ _id: sampleLogin.userId, username: sampleLogin.user, type: 'user' }];

/** Rooms with a message a second, read once; `at` counts seconds from the first of them. */
export class ChangingArchive {
  readonly served: ServedWorkspace;
  readonly workspace: Workspace;
  readonly #folder: string;
  readonly #rooms: readonly WorkspaceRoom[];
  readonly #fields: Partial<Job>;

  constructor(
    served: ServedWorkspace,
    workspace: Workspace,
    folder: string,
    rooms: readonly WorkspaceRoom[],
    fields: Partial<Job>,
  ) {
    this.served = served;
    this.workspace = workspace;
    this.#folder = folder;
    this.#rooms = rooms;
    this.#fields = fields;
  }

  room(id = 'ops'): WorkspaceRoom {
    const room = this.#rooms.find((one) => one.id === id);
    if (room === undefined) throw new Error(`There is no room "${id}"`);
    return room;
  }

  post(id: string, at: number, fields: Partial<MessageDocument> = {}, room = 'ops'): void {
    this.postTo(this.room(room), id, at, fields);
  }

  /** @param room as it is now: a restore makes other ones */
  postTo(room: WorkspaceRoom, id: string, at: number, fields: Partial<MessageDocument> = {}): void {
    room.insert(storeMessage({ ...plainMessage(at), _id: id, rid: room.id, ...fields }));
  }

  edit(id: string, at: number, fields: Readonly<Record<string, unknown>>, room = 'ops'): void {
    const document = this.room(room).find(id)?.document();
    if (document === undefined) throw new Error(`There is no message "${id}"`);
    this.room(room).replace(storeMessage({ ...document, ...fields, _updatedAt: timeOf(at) }));
  }

  remove(id: string, at: number, room = 'ops'): void {
    this.room(room).remove(id, smallStartMs + at * 1_000);
  }

  job(): Job {
    return jobFor(this.served.url, this.#folder, this.#fields);
  }

  /** @param at when, in seconds from the first message */
  async run(at = 1_000, fields: RunOptions = {}): Promise<Manifest> {
    const manifest = await runJob(
      this.job(),
      newProcess({ clock: leapingClock(smallStartMs + at * 1_000), ...fields }),
    );
    expect(await verifyArchive(this.#folder)).toMatchObject({ differences: [] });
    return manifest;
  }

  async rows({ files }: Manifest, table = 'messages'): Promise<readonly Row[]> {
    const paths = files.filter((file) => file.table === table).map(({ path }) => join(this.#folder, path));
    const texts = await Promise.all(paths.map((path) => readFile(path, 'utf8')));
    return texts.flatMap((text) => text.split('\n').filter(Boolean)).map((line) => JSON.parse(line) as Row);
  }
}

export function timeOf(at: number): string {
  return new Date(smallStartMs + at * 1_000).toISOString();
}

export async function withChangingArchive(
  version: string,
  fields: Partial<Job>,
  use: (archive: ChangingArchive) => Promise<void>,
  setups: readonly (Pick<RoomSetup, 'id' | 'type' | 'name'> & Partial<RoomSetup>)[] = [
    { id: 'ops', type: 'p', name: 'ops' },
  ],
  /** Whether its own job has read the rooms once: not needed by jobs with archives of their own. */
  isRead = true,
): Promise<void> {
  const rooms = setups.map(
    (setup) =>
      new WorkspaceRoom({
        memberIds: [sampleLogin.userId],
        createdAtMs: smallStartMs,
        messages: Array.from({ length: messagesAtStart }, (_, at) =>
          storeMessage({ ...plainMessage(at), _id: `${setup.id}-${at}`, rid: setup.id }),
        ),
        ...setup,
      }),
  );
  const tokens = { [sampleLogin.authToken]: sampleLogin.userId };
  const workspace = new Workspace({ users: sampleUsers, rooms, tokens });
  const served = await serveWorkspace(workspace, { version });
  try {
    await inTemporaryFolder(async (folder) => {
      const archive = new ChangingArchive(served, workspace, folder, rooms, fields);
      if (isRead) await archive.run();
      await use(archive);
    });
  } finally {
    await served.close();
  }
}
