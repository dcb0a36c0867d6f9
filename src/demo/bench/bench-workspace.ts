import { BenchMessage, benchRoomId, benchStartMs, benchTemplate } from './bench-message.ts';
import { sampleUsers } from '../sample/people.ts';
import { sampleLogin } from '../sample/sample-login.ts';
import { createSampleWorkspace } from '../sample/sample-workspace.ts';
import { Workspace } from '../workspace/workspace.ts';
import { WorkspaceRoom } from '../workspace/workspace-room.ts';

/** The longest sample messages would make the mean of a bench their own. */
const templateLimitBytes = 4_000;

/**
 * One private group of the sample login with `count` messages that are those of the sample workspace over and over, each
 * with an id and a time of its own. A message costs some dozens of bytes until it is asked for: a million fit easily.
 */
export function createBenchWorkspace(count: number): Workspace {
  const templates = createSampleWorkspace()
    .rooms.filter(({ type }) => type === 'p')
    .flatMap((room) => room.messages.filter(({ hidden }) => !hidden))
    .filter((message) => message.bytes().length < templateLimitBytes)
    .map(benchTemplate);
  const room = new WorkspaceRoom({
    id: benchRoomId,
    type: 'p',
    name: 'bench',
    memberIds: [sampleLogin.userId],
    createdAtMs: benchStartMs,
    messages: Array.from({ length: count }, (_, at) => {
      // Steps through the templates without a pattern that a compressor would find at once.
      const template = templates[(Math.imul(at, 2_654_435_761) >>> 0) % templates.length];
      if (!template) throw new Error('The sample workspace has no messages');
      return new BenchMessage(at, template);
    }),
  });
  return new Workspace({ users: sampleUsers, rooms: [room], tokens: { [sampleLogin.authToken]: sampleLogin.userId } });
}
