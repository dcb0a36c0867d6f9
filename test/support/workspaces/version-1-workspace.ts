import { dayMs } from '../../../src/model/time/durations.ts';
import type { MessageDocument } from '../../../src/demo/workspace/message-document.ts';
import { loginUser, sampleUsers } from '../../../src/demo/sample/people.ts';
import { sampleLogin } from '../../../src/demo/sample/sample-login.ts';
import { storeMessage } from '../../../src/demo/workspace/stored-message.ts';
import { Workspace } from '../../../src/demo/workspace/workspace.ts';
import { WorkspaceRoom } from '../../../src/demo/workspace/workspace-room.ts';
import { serveWorkspace } from '../../../src/demo/server/server.ts';

/** When the workspace of the archives in test/fixtures/version-1 began. */
const startMs = Date.UTC(2026, 0, 1);

/**
 * The workspace that the archives in test/fixtures/version-1 were made of, a day a step: a run before each of the first
 * three. Later steps are for the program that continues those archives.
 */
export class Version1Workspace {
  readonly workspace: Workspace;
  nowMs = startMs + dayMs;
  readonly #rooms: Readonly<Record<'alpha' | 'beta', WorkspaceRoom>>;
  #days = 1;

  constructor() {
    const [alpha, beta] = [roomOf('alpha', 6), roomOf('beta', 4)];
    this.#rooms = { alpha, beta };
    this.workspace = new Workspace({
      users: sampleUsers,
      rooms: [alpha, beta],
      tokens: { [sampleLogin.authToken]: sampleLogin.userId },
    });
  }

  serve(): ReturnType<typeof serveWorkspace> {
    return serveWorkspace(this.workspace, { version: '8.8', now: () => this.nowMs });
  }

  /** Lets a day go by: posts, an edit, a deletion. */
  nextDay(): void {
    this.nowMs += dayMs;
    this.#days += 1;
    const { alpha, beta } = this.#rooms;
    const changed = beta.messages[this.#days - 2];
    this.#post(alpha, `alpha-${this.#days}00`);
    this.#post(beta, `beta-${this.#days}00`);
    if (changed !== undefined) {
      const _updatedAt = new Date(this.nowMs - 1_000).toISOString();
      const reactions = { ':tada:': { usernames: [loginUser.username] } };
      beta.replace(storeMessage({ ...changed.document(), msg: `edited on day ${this.#days}`, reactions, _updatedAt }));
    }
    const deleted = alpha.messages[1];
    if (deleted !== undefined) alpha.remove(deleted.id, this.nowMs - 2_000);
    for (const room of [alpha, beta]) room.updatedAtMs = this.nowMs - 1_000;
  }

  /** `room id text` of every message, sorted. */
  get truth(): readonly string[] {
    return Object.values(this.#rooms)
      .flatMap(({ id, messages }) =>
        messages.map((message) => `${id} ${message.id} ${String(message.document()['msg'])}`),
      )
      .sort();
  }

  #post(room: WorkspaceRoom, id: string): void {
    room.insert(storeMessage(documentOf(room.id, id, this.nowMs - 3_000)));
  }
}

function roomOf(name: string, messages: number): WorkspaceRoom {
  const id = `${name}-id`;
  return new WorkspaceRoom({
    ...{ id, type: 'p', name, memberIds: [sampleLogin.userId], createdAtMs: startMs },
    messages: Array.from({ length: messages }, (_, at) =>
      storeMessage(documentOf(id, `${name}-${at}`, startMs + at * 1_000)),
    ),
  });
}

function documentOf(rid: string, id: string, tsMs: number): MessageDocument {
  const ts = new Date(tsMs).toISOString();
  return { _id: id, rid, msg: `said ${id}`, ts, u: loginUser, _updatedAt: ts, mentions: [loginUser] };
}
