import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
// Jest cannot link modules that several dynamic imports ask for at once: what the command imports is there already.
import '../../../src/preview/summarize-plan.ts';
import '../../../src/job/load-job.ts';
import '../../../src/rocketchat/connect.ts';
import '../../../src/preview/forecast-run.ts';
import { createSampleWorkspace } from '../../../src/demo/sample/sample-workspace.ts';
import { serveWorkspace, type ServedWorkspace } from '../../../src/demo/server/server.ts';
import { createSmallWorkspace } from '../../support/workspaces/small-workspace.ts';
import { runHere } from '../../support/program/fake-process.ts';
import { jobText } from '../../support/program/job-text.ts';
import { filesBelow, loginAt } from '../../support/program/program.ts';

let folder: string;
let served: ServedWorkspace;
const nowMs = Date.UTC(2026, 0, 1);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cli-plan-'));
  served = await serveWorkspace(createSampleWorkspace(), {
    rateLimit: { calls: 10, windowMs: 60_000 },
    now: () => nowMs,
  });
});

afterAll(async () => {
  await served.close();
  await rm(folder, { recursive: true, force: true });
});

async function writeJob(name: string, text: string): Promise<string> {
  const path = join(folder, `${name}.yaml`);
  await writeFile(path, text);
  return path;
}

const bothEndpoints = `extract:
  - endpoint: groups.messages
    rooms: ['ops-*']
  - endpoint: groups.messages
    rooms: ['*', '!ops-*']
  - endpoint: chat.getMentionedMessages
    rooms: ['*']
sinks:
  - format: jsonl
`;

describe('rocketchat-export plan', () => {
  it('adds up entries and endpoints, and lets the slowest endpoint decide', async () => {
    const job = await writeJob('both', `${bothEndpoints}output: ${join(folder, 'both')}\nmaxWait: 1m\n`);
    const { code, stdout } = await runHere(['plan', job, '--json'], { env: loginAt(served.url) });
    expect(code).toBe(0);
    const made = JSON.parse(stdout) as {
      readonly entries: readonly Record<string, number | string>[];
      readonly total: Record<string, number>;
      readonly requests: Record<string, number>;
      readonly asked: Record<string, number>;
    };
    expect(made).toMatchObject({
      ...{ job: 'both', run: 1, resumed: false, slowest: 'groups.messages', maxWaitMinutes: 1 },
      ...{ limit: { calls: 10, windowMs: 60_000 }, page: { rows: 100, assumed: false, asked: [] } },
    });
    expect(made.entries.map(({ entry, endpoint }) => [entry, endpoint])).toEqual([
      [['ops-*'], 'groups.messages'],
      [['*', '!ops-*'], 'groups.messages'],
      [['*', '!ops-*'], 'groups.history'],
      [['*'], 'chat.getMentionedMessages'],
      [null, 'me, subscriptions.get, rooms.get, /api/info, settings.public'],
    ]);
    const sum = (key: string): number => made.entries.reduce((total, line) => total + Number(line[key]), 0);
    expect(made.total['requests']).toBe(sum('requests'));
    expect(made.total['requests']).toBe(Object.values(made.requests).reduce((total, count) => total + count, 0));
    expect(made.total['messages']).toBe(sum('messages'));
    expect(made.total['minutes']).toBe(Math.ceil((made.requests['groups.messages'] ?? 0) / 10) - 1);
    expect(made.entries.at(-1)).toMatchObject({ requests: 5, minutes: 0 });
    for (const asked of Object.values(made.asked)) expect(asked).toBeLessThanOrEqual(6);
  });

  it('says the same to people, and what stands behind it', async () => {
    const fresh = await serveWorkspace(createSampleWorkspace(), {
      rateLimit: { calls: 10, windowMs: 60_000 },
      now: () => nowMs,
    });
    try {
      const job = await writeJob('text', `${bothEndpoints}output: ${join(folder, 'text')}\nmaxWait: 1m\n`);
      const { code, stdout } = await runHere(['plan', job], { env: loginAt(fresh.url) });
      expect(code).toBe(0);
      expect(stdout).toMatch(/^text: http:\S+, Rocket.Chat \d+\.\d+, as ines\.marlow\nrun 1 would begin\n/);
      expect(stdout).toMatch(/^"ops-\*" +groups\.messages +1 +1 +\d+ +\d+ +0$/m);
      expect(stdout).toMatch(/^"\*" +chat\.getMentionedMessages +\d+ +\d+ +~\d+ +~\d+ +\d+$/m);
      expect(stdout).toMatch(/^ +total +13 +13 +~\d,\d{3} +~\d+ +\d$/m);
      expect(stdout).toMatch(/groups\.messages decides: at the server's limit \(10 calls in 1 min 0 s\) the run waits/);
      expect(stdout).toContain('It may wait 1 min 0 s (maxWait): it will stop with exit code 75');
      expect(stdout).toContain('Pages of 100 rows at most (as the server gives them). This plan took');
      expect(stdout).toMatch(/^~ The length of \d lists is inferred from others of the same endpoint\.$/m);
    } finally {
      await fresh.close();
    }
  });

  it('ends with 78 for a room that does not exist', async () => {
    const small = await serveWorkspace(createSmallWorkspace(3));
    try {
      const job = await writeJob('nowhere', jobText({ rooms: ['nowhere'], output: join(folder, 'nowhere') }));
      const { code, stdout, stderr } = await runHere(['plan', job], { env: loginAt(small.url) });
      expect({ code, stdout }).toEqual({ code: 78, stdout: '' });
      expect(stderr).toContain('no room matches "nowhere"');
    } finally {
      await small.close();
    }
  });

  it('stands beside what the run made, and writes nothing', async () => {
    const small = await serveWorkspace(createSmallWorkspace(250));
    try {
      const job = await writeJob('smoke', jobText({ output: 'smoke' }));
      const options = { cwd: folder, env: loginAt(small.url) };
      const planned = await runHere(['plan', job], options);
      expect(planned).toMatchObject({ code: 0 });
      expect(planned.stdout).toContain('The server reports no rate limit');
      const [, requests = ''] = /^ +total +1 +1 +250 +(\d+) +\?$/m.exec(planned.stdout) ?? [];
      expect(await filesBelow(join(folder, 'smoke'))).toEqual([]);

      const ran = await runHere(['run', job], options);
      expect(ran.stdout).toContain(`planned: ${requests}, made ${requests}, assuming pages of 100\n`);

      const paged = await writeJob(
        'paged',
        jobText({ output: 'paged' }).replace('    rooms:', '    pageSize: 20\n    rooms:'),
      );
      expect((await runHere(['plan', paged], options)).stdout).toContain(
        'but of 20 where the job says pageSize: without it, longer lists take fewer requests. This plan took',
      );
      const short = await runHere(['run', paged], options);
      expect(short.stdout).toMatch(/^requests: .*; planned: \d+, made \d+, assuming pages of 20$/m);
    } finally {
      await small.close();
    }
  });
});
