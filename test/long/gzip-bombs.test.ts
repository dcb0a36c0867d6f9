import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { readRunManifest } from '../../src/archive/manifest/run-manifests.ts';
import { sampleUsers } from '../../src/demo/sample/people.ts';
import { sampleLogin } from '../../src/demo/sample/sample-login.ts';
import { send, serveWorkspace } from '../../src/demo/server/server.ts';
import { storeMessage } from '../../src/demo/workspace/stored-message.ts';
import { WorkspaceRoom } from '../../src/demo/workspace/workspace-room.ts';
import { Workspace } from '../../src/demo/workspace/workspace.ts';
import { nodeDisk } from '../../src/system/disk.ts';
import type { Job } from '../../src/job/job.ts';
import { jobFor } from '../support/runs/run-here.ts';
import { inTemporaryFolder } from '../support/disk/temporary-folder.ts';
import { plainMessage, smallStartMs } from '../support/workspaces/small-workspace.ts';
import { startProgram, writeJobFile, type Child } from '../support/program/built-program.ts';

const rooms = ['a', 'b', 'c', 'd'];
const megabyte = 1024 * 1024;

function workspaceOf(messagesEach: number): Workspace {
  return new Workspace({
    users: sampleUsers,
    rooms: rooms.map(
      (id) =>
        new WorkspaceRoom({
          ...{ id, type: 'p', name: id, memberIds: [sampleLogin.userId], createdAtMs: smallStartMs },
          messages: Array.from({ length: messagesEach }, (_, at) =>
            storeMessage({ ...plainMessage(at), _id: `${id}-${at}`, rid: id }),
          ),
        }),
    ),
    tokens: { [sampleLogin.authToken]: sampleLogin.userId },
  });
}

/** An answer that inflates to so many bytes. */
function bombOf(sizeBytes: number): Buffer {
  const pad = Buffer.alloc(sizeBytes, 'a');
  return gzipSync(Buffer.concat([Buffer.from('{"success":true,"pad":"'), pad, Buffer.from('"}')]), { level: 1 });
}

/** The most memory that the process had, in bytes: by Linux, not by V8. */
async function peakBytes({ process, ended }: Child): Promise<number> {
  const ending = new AbortController();
  void ended.then(() => ending.abort());
  let peak = 0;
  while (!ending.signal.aborted) {
    const status = await readFile(`/proc/${process.pid}/status`, 'utf8').catch(() => '');
    peak = Math.max(peak, Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024);
    await pause(20);
  }
  return peak;
}

async function runAgainst(
  workspace: Workspace,
  via: 'messages' | 'history',
  bodyFor: (json: string) => Buffer | undefined,
) {
  const served = await serveWorkspace(workspace, {
    intercept: (exchange) => {
      const { endpoint, response } = exchange;
      const body = endpoint === `groups.${via}` ? bodyFor(exchange.reply().body.toString()) : undefined;
      if (body === undefined) return false;
      const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
      send(response, { status: 200, headers, body });
      return true;
    },
  });
  try {
    return await inTemporaryFolder(async (folder) => {
      const archive = join(folder, 'archive');
      const extract: Job['extract'] = [{ endpoint: 'groups.messages', rooms: ['*'], via }];
      const job = jobFor(served.url, archive, { extract, concurrency: 4 });
      const child = startProgram(await writeJobFile(join(folder, 'job.yaml'), job));
      const peak = await peakBytes(child);
      const { code, stderr } = await child.ended;
      const { manifest } = await readRunManifest(nodeDisk, archive, 1);
      return { code, stderr, peak, manifest };
    });
  } finally {
    await served.close();
  }
}

describe('the program, against a server whose answers inflate a thousandfold,', () => {
  it.each(['messages', 'history'] as const)(
    'holds one budget over all of them, writes all rows around them and names what it could not read: %s',
    async (via) => {
      const bomb = bombOf(400 * megabyte);
      const { code, peak, manifest } = await runAgainst(workspaceOf(350), via, (json) =>
        /"[a-d]-210"/.test(json) ? bomb : undefined,
      );
      expect(code).toBe(1);
      expect(manifest).toMatchObject({ tables: { messages: rooms.length * 349 } });
      expect(manifest.kind === 'export' && manifest.gaps.map(({ reason, room }) => [room.id, reason])).toEqual(
        rooms.map((id) => [id, 'too-large']),
      );
      expect(peak).toBeLessThan(600 * megabyte);
    },
  );
});
