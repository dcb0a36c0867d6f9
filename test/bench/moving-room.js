import { createPrng } from '../../build/demo/sample/prng.js';
import { sampleUsers } from '../../build/demo/sample/people.js';
import { sampleLogin } from '../../build/demo/sample/sample-login.js';
import { serveWorkspace } from '../../build/demo/server/server.js';
import { storeMessage } from '../../build/demo/workspace/stored-message.js';
import { Workspace } from '../../build/demo/workspace/workspace.js';
import { WorkspaceRoom } from '../../build/demo/workspace/workspace-room.js';

export const movingRoomId = 'movingRoom0000001';
const startMs = Date.UTC(2026, 0, 1);
const stepMs = 1_000;
/** Both readers are done after some 35 requests; a room that no request finds without new messages is never read to its end. */
const movesEndAfter = 60;
const { userId, user: username } = sampleLogin;

function message(number, tsMs) {
  const at = new Date(tsMs).toISOString();
  const _id = `moving${String(number).padStart(11, '0')}`;
  return storeMessage({
    _id,
    rid: movingRoomId,
    msg: `said ${number}`,
    ts: at,
    u: { _id: userId, username },
    _updatedAt: at,
  });
}

/**
 * Serves a room that changes before every request for its messages; the same seed makes the same changes.
 *
 * @param {{ messages: number, tied?: number, cap: number, moves: Partial<Record<'post' | 'remove' | 'prune' | 'edit', number>> }} scenario
 *   `tied` messages share a millisecond; `moves` counts changes of each kind before a request
 */
export async function serveMovingRoom({ messages, tied = 1, cap, moves }, seed) {
  const prng = createPrng(seed);
  const room = new WorkspaceRoom({
    id: movingRoomId,
    type: 'p',
    name: 'moving',
    memberIds: [userId],
    createdAtMs: startMs,
    messages: Array.from({ length: messages }, (_, at) => message(at, startMs + Math.floor(at / tied) * stepMs)),
  });
  const fromTheStart = new Set(room.messages.map(({ id }) => id));
  let made = messages;
  let requests = 0;
  let nowMs = startMs + (messages + 1) * stepMs;

  const change = {
    post: () => room.insert(message(made++, nowMs)),
    remove: () => room.remove(prng.pick(room.messages).id, nowMs),
    prune: () => room.remove(room.messages[0].id, nowMs),
    edit: () => {
      const document = prng.pick(room.messages).document();
      room.replace(storeMessage({ ...document, _updatedAt: new Date(nowMs).toISOString() }));
    },
  };
  const server = await serveWorkspace(
    new Workspace({ users: sampleUsers, rooms: [room], tokens: { [sampleLogin.authToken]: userId } }),
    {
      cap,
      intercept: ({ endpoint }) => {
        if (endpoint !== 'groups.messages' || ++requests > movesEndAfter) return false;
        nowMs += stepMs;
        for (const [kind, times] of Object.entries(moves)) for (let left = times; left > 0; left--) change[kind]();
        return false;
      },
    },
  );
  return {
    url: server.url,
    close: () => server.close(),
    /** Ids of the messages that were there from the first request to the last. */
    survivors: () => room.messages.map(({ id }) => id).filter((id) => fromTheStart.has(id)),
  };
}
