import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import type { Manifest } from '../../../src/archive/manifest/manifest.ts';
import { verifyArchive } from '../../../src/archive/verify/verify.ts';
import { people, sampleUsers } from '../../../src/demo/sample/people.ts';
import { sampleLogin } from '../../../src/demo/sample/sample-login.ts';
import { serveWorkspace, type ServedWorkspace } from '../../../src/demo/server/server.ts';
import type { MessageDocument } from '../../../src/demo/workspace/message-document.ts';
import { storeMessage } from '../../../src/demo/workspace/stored-message.ts';
import { Workspace } from '../../../src/demo/workspace/workspace.ts';
import { WorkspaceRoom, type RoomSetup } from '../../../src/demo/workspace/workspace-room.ts';
import type { Job } from '../../../src/job/job.ts';
import { resolveJob } from '../../../src/job/resolve-job.ts';
import { filesTableName, type TableName } from '../../../src/model/table-name.ts';
import { runJob } from '../../../src/pipeline.ts';
import { currentTable } from '../../../src/snapshot/current-table.ts';
import { nodeDisk } from '../../../src/system/disk.ts';
import { leapingClock } from '../clocks/leaping-clock.ts';
import { inTemporaryFolder } from '../disk/temporary-folder.ts';
import { isOfItsTime } from '../life/changing/may-differ.ts';
import { newProcess } from '../runs/new-process.ts';
import { plainMessage, smallStartMs } from '../workspaces/small-workspace.ts';

/** A job file, as a person writes it, without its server and its output. */
export interface WrittenJob extends Readonly<Record<string, unknown>> {
  /** Another login than the usual one. */
  readonly server?: Login;
}

interface Login {
  readonly userId: string;
  readonly authToken: string;
}

const login = sampleLogin.userId;
const colleague = people[1]?._id ?? '';

/** Is in `ops`, too, and not in `general`. */
export const otherLogin: Login = { userId: colleague, authToken: 'a-token-of-a-colleague' };

const sinkText = `import { appendFile } from 'node:fs/promises';
export default () => ({ format: 'lines', extension: 'lines', open: (path) => ({
  write: (rows) => appendFile(path, rows.map(() => '-\\n').join('')), close: () => undefined }) });`;
const stepText = `export default ({ word }) => (message) => ({ ...message, msg: word + ' ' + message.msg });`;

/** Current rows by table, without what is of the time of writing. */
export type CurrentRows = Readonly<Record<string, readonly string[]>>;

/** A small workspace, and archives of it by jobs that are changed between their runs. */
export class ChangedJobLab {
  readonly #served: ServedWorkspace;
  readonly #rooms: ReadonlyMap<string, WorkspaceRoom>;
  readonly #folder: string;
  #minutes = 600;

  private constructor(served: ServedWorkspace, rooms: readonly WorkspaceRoom[], folder: string) {
    this.#served = served;
    this.#rooms = new Map(rooms.map((room) => [room.id, room]));
    this.#folder = folder;
  }

  static async open(use: (lab: ChangedJobLab) => Promise<void>): Promise<void> {
    const setups: readonly (Pick<RoomSetup, 'id' | 'type' | 'name'> & Partial<RoomSetup>)[] = [
      { id: 'ops', type: 'p', name: 'ops', memberIds: [login, colleague] },
      { id: 'general', type: 'c', name: 'general' },
      { id: 'lounge', type: 'c', name: 'lounge', memberIds: [colleague] },
    ];
    const rooms = setups.map(
      (setup) =>
        new WorkspaceRoom({ memberIds: [login], createdAtMs: smallStartMs, messages: messagesOf(setup.id), ...setup }),
    );
    const workspace = new Workspace({
      users: sampleUsers,
      rooms,
      tokens: { [sampleLogin.authToken]: login, [otherLogin.authToken]: colleague },
    });
    const content = Buffer.from('a plan');
    for (const { id } of setups)
      workspace.setUpload({
        id: `plan-${id}`,
        name: 'plan.txt',
        type: 'text/plain',
        content,
        uploadedAtMs: smallStartMs,
      });
    const served = await serveWorkspace(workspace, { version: '8.8.0', hiddenTypes: ['uj'] });
    try {
      await inTemporaryFolder(async (folder) => {
        await writeFile(join(folder, 'sink.mjs'), sinkText);
        await writeFile(join(folder, 'step.mjs'), stepText);
        await use(new ChangedJobLab(served, rooms, folder));
      });
    } finally {
      await served.close();
    }
  }

  /** Somebody writes, edits and deletes in `ops`. */
  liveOn(): void {
    this.#minutes += 10;
    const ops = this.#rooms.get('ops');
    if (ops === undefined) return;
    const at = this.#minutes * 60;
    ops.insert(storeMessage({ ...plainMessage(at), _id: `new-${at}`, rid: 'ops', msg: `=SUM(${at})` }));
    const edited = ops.find('ops-3')?.document();
    if (edited !== undefined)
      ops.replace(storeMessage({ ...edited, msg: `edited at ${at}`, _updatedAt: timeOf(at + 1) }));
  }

  /** @throws what a job that is refused throws */
  async run(archive: string, written: WrittenJob): Promise<Manifest> {
    this.#minutes += 1;
    const job = this.#job(archive, written);
    const clock = leapingClock(smallStartMs + this.#minutes * 60_000);
    const manifest = await runJob(job, newProcess({ clock }));
    expect(await verifyArchive(job.output)).toMatchObject({ differences: [] });
    return manifest;
  }

  /** What is current in the tables of a job, and in that of files where it saves any. */
  async current(archive: string, written: WrittenJob): Promise<CurrentRows> {
    const { output, transform, attachments } = this.#job(archive, written);
    const files: readonly TableName[] = attachments === undefined ? [] : [filesTableName];
    const tables: readonly TableName[] = [...transform.tables, ...files];
    const rows: Record<string, readonly string[]> = {};
    for (const table of tables) rows[table] = await currentRows(output, table);
    return rows;
  }

  #job(archive: string, written: WrittenJob): Job {
    const { userId, authToken } = sampleLogin;
    const server = { url: this.#served.url, userId, authToken, ...written['server'] };
    const file = { ...written, server, output: join(this.#folder, archive) };
    const surroundings = { env: {}, cwd: this.#folder, defaultName: 'changing', writtenAt: () => undefined };
    const resolution = resolveJob(file, surroundings);
    if (resolution.kind !== 'job') throw new Error(`No such job: ${JSON.stringify(resolution.problems)}`);
    return resolution.job;
  }
}

async function currentRows(archive: string, table: TableName): Promise<readonly string[]> {
  const rows: string[] = [];
  for await (const batch of (await currentTable(nodeDisk, archive, table)).rows) {
    for (const row of batch) {
      const told = Object.entries(row).filter(([column, value]) => value !== null && !isOfItsTime(table, column));
      rows.push(JSON.stringify(Object.fromEntries(told)));
    }
  }
  return rows.sort();
}

function messagesOf(roomId: string): ReturnType<typeof storeMessage>[] {
  const oddities: readonly Partial<MessageDocument>[] = [
    { t: 'uj', msg: 'archivist' },
    { msg: `=HYPERLINK("x")`, md: [{ type: 'PARAGRAPH', value: [{ type: 'PLAIN_TEXT', value: 'x' }] }] },
    { pinned: true, reactions: { ':ok:': { usernames: [sampleLogin.user] } } },
    { mentions: [{ _id: login, username: sampleLogin.user, type: 'user' }], urls: [{ url: 'https://example.org/' }] },
    {
      ...{ msg: '', file: { _id: `plan-${roomId}`, name: 'plan.txt', type: 'text/plain', size: 6 } },
      files: [{ _id: `plan-${roomId}`, name: 'plan.txt', type: 'text/plain', size: 6 }],
      attachments: [
        {
          type: 'file',
          title: 'plan.txt',
          title_link: `/file-upload/plan-${roomId}/plan.txt`,
          title_link_download: true,
        },
      ],
    },
    {},
  ];
  return oddities.map((fields, at) =>
    storeMessage({
      ...plainMessage(at * 600),
      _id: `${roomId}-${at}`,
      rid: roomId,
      u: { ...plainMessage(0).u },
      ...fields,
    }),
  );
}

function timeOf(seconds: number): string {
  return new Date(smallStartMs + seconds * 1_000).toISOString();
}
