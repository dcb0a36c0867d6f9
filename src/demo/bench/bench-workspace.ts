import { BenchMessage, benchRoomId, benchStartMs, benchTemplate } from './bench-message.ts';
import { sampleUsers } from '../sample/people.ts';
import { sampleLogin } from '../sample/sample-login.ts';
import { createSampleWorkspace } from '../sample/sample-workspace.ts';
import { Workspace } from '../workspace/workspace.ts';
import { WorkspaceRoom } from '../workspace/workspace-room.ts';

/** The longest sample messages would make the mean of a bench their own. */
const templateLimitBytes = 4_000;

/**
 * Private groups of the sample login, `count` messages in all, shared out among the rooms, that are those of the sample
 * workspace over and over, each with an id and a time of its own. A message costs some dozens of bytes until it is asked
 * for: a million fit easily.
 */
export function createBenchWorkspace(count: number, roomCount = 1): Workspace {
  const templates = createSampleWorkspace()
    .rooms.filter(({ type }) => type === 'p')
    .flatMap((room) => room.messages.filter(({ hidden }) => !hidden))
    .filter((message) => message.bytes().length < templateLimitBytes)
    .map(benchTemplate);
  const perRoom = Math.ceil(count / roomCount);
  const rooms = Array.from({ length: roomCount }, (_, room) => {
    const id = benchRoomIdAt(room);
    return new WorkspaceRoom({
      id,
      type: 'p',
      name: room === 0 ? 'bench' : `bench-${room + 1}`,
      memberIds: [sampleLogin.userId],
      createdAtMs: benchStartMs,
      messages: Array.from({ length: Math.min(perRoom, count - room * perRoom) }, (__, index) => {
        const at = room * perRoom + index;
        // Steps through the templates without a pattern that a compressor would find at once.
        const template = templates[(Math.imul(at, 2_654_435_761) >>> 0) % templates.length];
        if (!template) throw new Error('The sample workspace has no messages');
        return new BenchMessage(at, template, id);
      }),
    });
  });
  return new Workspace({ users: sampleUsers, rooms, tokens: { [sampleLogin.authToken]: sampleLogin.userId } });
}

/** Those behind the first differ from it in their last digits. */
function benchRoomIdAt(room: number): string {
  const number = String(room + 1);
  return benchRoomId.slice(0, -number.length) + number;
}
