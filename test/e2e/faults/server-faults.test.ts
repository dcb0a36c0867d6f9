import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Manifest } from '../../../src/archive/manifest/manifest.ts';
import { verifyArchive } from '../../../src/archive/verify/verify.ts';
import type { Exchange } from '../../../src/demo/server/exchange.ts';
import { sampleLogin } from '../../../src/demo/sample/sample-login.ts';
import { nodeDisk } from '../../../src/system/disk.ts';
import { AccessError, StoppedError, UnreachableError } from '../../../src/errors.ts';
import type { RunOptions } from '../../../src/environment.ts';
import type { Job } from '../../../src/job/job.ts';
import { runJob } from '../../../src/pipeline.ts';
import { faultsOf, inflict, type Fault } from '../../support/network/faults.ts';
import { refusedUrl } from '../../support/network/faulty-server.ts';
import { CrashLab } from '../../support/runs/crash-lab.ts';
import { leapingClock } from '../../support/clocks/leaping-clock.ts';
import { newProcess } from '../../support/runs/new-process.ts';
import { withArchive } from '../../support/disk/temporary-folder.ts';
import { messageOf } from '../../support/workspaces/three-rooms.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';

const longIt = quickOrLong(it.skip, it);

const transient: readonly Fault[] = [
  { kind: 'reset' },
  { kind: 'reset-mid-body' },
  { kind: 'truncated-json' },
  { kind: 'empty-body' },
  { kind: 'error-page', status: 500 },
  { kind: 'error-page', status: 502, retryAfterSeconds: 3 },
  { kind: 'error-page', status: 503 },
  { kind: 'error-page', status: 504 },
  { kind: 'login-page' },
];

/** Which answers are asked for again is told by the tests of the connection, all of them. */
const tried = quickOrLong(
  transient.filter((fault) => ['reset', 'error-page 502', 'login-page'].includes(nameOf(fault))),
  transient,
);

function nameOf(fault: Fault): string {
  return fault.kind === 'error-page' ? `${fault.kind} ${fault.status}` : fault.kind;
}

describe('a run against a server with faults', () => {
  let lab: CrashLab;
  beforeAll(async () => {
    lab = await CrashLab.open([60, 30, 14], {
      extract: [{ endpoint: 'groups.messages', rooms: ['*'] }],
      transform: { tables: ['messages'] },
      sinks: [{ format: 'jsonl' }],
    });
    await lab.unbroken(1);
  });
  afterEach(() => {
    Object.assign(lab.server.rules, { intercept: null, now: Date.now });
  });
  afterAll(() => lab.close());

  /** From this request for messages on, counted from 1, the server does as told. */
  function fromRequest(number: number, then: (exchange: Exchange) => boolean): void {
    let count = 0;
    lab.server.rules.intercept = (exchange) => {
      if (exchange.endpoint !== 'groups.messages') return false;
      count += 1;
      return count >= number && then(exchange);
    };
  }

  async function run(archive: string, fields: Parameters<typeof newProcess>[0] = {}): Promise<Manifest> {
    return runJob(lab.job(archive), newProcess(fields));
  }

  /** Ids of the exported messages of a room, file by file. */
  async function idsOf(archive: string, manifest: Manifest, roomId: string): Promise<readonly string[]> {
    const ids: string[] = [];
    for (const { path } of manifest.files) {
      for (const line of (await readFile(join(archive, path), 'utf8')).split('\n').filter(Boolean)) {
        const row = JSON.parse(line) as { message_id: string; room_id: string };
        if (row.room_id === roomId) ids.push(row.message_id);
      }
    }
    return ids;
  }

  it.each(tried.map((fault) => [nameOf(fault), fault] as const))('asks again after %s', async (_name, fault) => {
    await lab.withArchive(async (archive) => {
      lab.server.rules.intercept = inflict(faultsOf('groups.messages', { 1: fault, 4: fault, 5: fault, 11: fault }));
      const { requests } = await run(archive);
      expect(requests['groups.messages']).toMatchObject({ retries: 4 });
      await lab.expectUnbroken(nodeDisk, archive);
    });
  });

  it('shows the name of the room whose request is tried again, not its id alone', async () => {
    await lab.withArchive(async (archive) => {
      lab.server.rules.intercept = inflict(faultsOf('groups.messages', { 2: { kind: 'error-page', status: 503 } }));
      const errors: string[] = [];
      const onWait: Required<RunOptions>['onWait'] = (event) => event.kind === 'retry' && errors.push(event.error);
      await runJob(lab.job(archive), { ...newProcess(), onWait });
      expect(errors).toHaveLength(1);
      expect(errors[0]).toMatch(/^Cannot read "groups.messages" \(room "(\w+)-room", id "\1"\) from http/);
    });
  });

  longIt('asks again when nothing comes, or never the end', async () => {
    await lab.withArchive(async (archive) => {
      const endless = { kind: 'slow-drip', pieceBytes: 1, pauseMs: 50 } as const;
      lab.server.rules.intercept = inflict(faultsOf('groups.messages', { 2: { kind: 'hang' }, 5: endless }));
      const { requests } = await run(archive, { requestTimeoutMs: 150 });
      // A busy machine may be late with other answers, too.
      expect(requests['groups.messages']?.retries).toBeGreaterThanOrEqual(2);
      await lab.expectUnbroken(nodeDisk, archive);
    });
  });

  it('has patience with an answer that drips', async () => {
    await lab.withArchive(async (archive) => {
      const drip = { kind: 'slow-drip', pieceBytes: 200, pauseMs: 2 } as const;
      lab.server.rules.intercept = inflict(faultsOf('groups.messages', { 3: drip, 4: drip }));
      expect((await run(archive)).requests['groups.messages']).toMatchObject({ retries: 0 });
      await lab.expectUnbroken(nodeDisk, archive);
    });
  });

  it('waits as told when another client uses up the rate limit', async () => {
    await lab.withArchive(async (archive) => {
      const clock = leapingClock();
      lab.server.rules.now = () => clock.now();
      const storm = { kind: 'rate-limited', waitMs: 30_000 } as const;
      const silent = { kind: 'rate-limited', waitMs: 17_000, withoutHeaders: true } as const;
      lab.server.rules.intercept = inflict(faultsOf('groups.messages', { 4: storm, 5: storm, 6: silent, 9: storm }));
      const { requests } = await run(archive, { clock });
      expect(requests['groups.messages']).toMatchObject({ retries: 0, rateLimited: 4 });
      expect(requests['groups.messages']?.waitedMs).toBeGreaterThan(47_000);
      await lab.expectUnbroken(nodeDisk, archive);
    });
  });

  it('gives up when it would wait longer than it may, and goes on later', async () => {
    await lab.withArchive(async (archive) => {
      const clock = leapingClock();
      lab.server.rules.now = () => clock.now();
      lab.server.rules.intercept = inflict(
        faultsOf('groups.messages', { 6: { kind: 'rate-limited', waitMs: 30_000 } }),
      );
      const impatient = runJob({ ...lab.job(archive), maxWaitMs: 10_000 }, newProcess({ clock }));
      await expect(impatient).rejects.toThrow(StoppedError);
      expect(clock.slept).toEqual([]);
      const journaled = await lab.expectResumes(nodeDisk, archive);
      expect(journaled.some(({ pages }) => pages > 0)).toBe(true);
    });
  });

  it('gives up when the server stays away, saves what it has, and goes on when it is back', async () => {
    await lab.withArchive(async (archive) => {
      const away = ({ request }: Exchange): boolean => {
        request.socket.resetAndDestroy();
        return true;
      };
      fromRequest(7, (exchange) => {
        lab.server.rules.intercept = away;
        return away(exchange);
      });
      const clock = leapingClock();
      await expect(run(archive, { clock })).rejects.toMatchObject({ kind: 'stopped', exitCode: 75 });
      // Capped: no pause is longer than 30 s, none shorter than half of the first.
      expect(Math.max(...clock.slept)).toBeLessThanOrEqual(30_000);
      expect(Math.min(...clock.slept)).toBeGreaterThanOrEqual(250);
      lab.server.rules.intercept = null;
      const journaled = await lab.expectResumes(nodeDisk, archive);
      expect(journaled.reduce((sum, { pages }) => sum + pages, 0)).toBe(6);
    });
  });

  it('stops when the login expires in mid-run, and goes on with a new one', async () => {
    await lab.withArchive(async (archive) => {
      const { userId } = sampleLogin;
      const newLogin = (): Job['server'] => ({
        url: lab.server.url,
        login: { kind: 'token', userId, authToken: lab.workspace.login(userId) },
      });
      const authToken = lab.workspace.login(userId);
      const old = {
        ...lab.job(archive),
        server: { url: lab.server.url, login: { kind: 'token', userId, authToken } },
      } as const;
      fromRequest(7, () => {
        lab.workspace.logout(authToken);
        return false;
      });
      const cut: unknown = await runJob(old, newProcess()).catch((error: unknown) => error);
      expect(cut).toBeInstanceOf(AccessError);
      expect(String(cut)).not.toContain(authToken);
      await expect(runJob(old, newProcess())).rejects.toMatchObject({ exitCode: 77 });
      lab.server.rules.intercept = null;
      const journaled = await lab.expectResumes(nodeDisk, archive, { server: newLogin() });
      expect(journaled.reduce((sum, { pages }) => sum + pages, 0)).toBe(6);
    });
  });

  it('names a room that it may no longer read, reads the others, and goes on there when it may again', async () => {
    await lab.withArchive(async (archive) => {
      const beta = lab.workspace.room('beta');
      let betaRequests = 0;
      lab.server.rules.intercept = ({ params }) => {
        if (params['roomId'] === 'beta' && (betaRequests += 1) === 4) beta?.memberIds.clear();
        return false;
      };
      const first = await run(archive);
      expect(first.gaps).toMatchObject([{ room: { id: 'beta' }, reason: 'room-not-found' }]);
      expect(await idsOf(archive, first, 'alpha')).toHaveLength(58);
      expect(await idsOf(archive, first, 'gamma')).toHaveLength(14);
      const taken = await idsOf(archive, first, 'beta');
      expect(taken.length).toBeGreaterThan(10);
      expect(first.state.lists['groups.messages beta']).toMatchObject({ complete: false, messages: taken.length });

      beta?.memberIds.add(sampleLogin.userId);
      const from = lab.server.requests.length;
      const second = await run(archive);
      expect(second.gaps).toEqual([]);
      const all = Array.from({ length: 30 }, (_, at) => messageOf('beta', at)).filter(
        ({ _hidden }) => _hidden !== true,
      );
      expect([...taken, ...(await idsOf(archive, second, 'beta'))]).toEqual(all.map(({ _id }) => _id));
      const offsets = lab
        .requestsSince(from)
        .filter(({ params }) => params['roomId'] === 'beta' && params['offset'] !== undefined);
      expect(Math.min(...offsets.map(({ params }) => Number(params['offset'])))).toBeGreaterThan(0);
      expect(await verifyArchive(archive)).toMatchObject({ differences: [] });
    });
  });

  it('does not take a web page for the word of the server about a room', async () => {
    await lab.withArchive(async (archive) => {
      const page = { kind: 'answer', status: 404, contentType: 'text/html', body: '<html>Not found</html>' } as const;
      lab.server.rules.intercept = inflict(({ params }) => (params['roomId'] === 'beta' ? page : null));
      expect((await run(archive)).gaps).toMatchObject([{ room: { id: 'beta' }, reason: 'not-json' }]);
      lab.server.rules.intercept = null;
      const { gaps, tables } = await run(archive);
      expect({ gaps, tables }).toMatchObject({ gaps: [], tables: { messages: 29 } });
    });
  });

  const lasting = [
    ['http-504', { kind: 'error-page', status: 504 }],
    ['connection', { kind: 'reset' }],
    ['timeout', { kind: 'hang' }],
  ] as const;
  it.each(quickOrLong(lasting.slice(0, 1), [...lasting]))(
    'makes a room that fails for ever (%s) a gap, and publishes the others',
    async (reason, fault) => {
      await lab.withArchive(async (archive) => {
        lab.server.rules.intercept = inflict(({ params }) => (params['roomId'] === 'beta' ? fault : null));
        const first = await run(archive, { requestTimeoutMs: 200 });
        expect(first.gaps).toMatchObject([{ room: { id: 'beta' }, reason }]);
        expect(await idsOf(archive, first, 'alpha')).toHaveLength(58);
        expect(await idsOf(archive, first, 'gamma')).toHaveLength(14);
        lab.server.rules.intercept = null;
        const second = await run(archive);
        expect(second.gaps).toEqual([]);
        expect(await idsOf(archive, second, 'beta')).toHaveLength(29);
        expect(await verifyArchive(archive)).toMatchObject({ differences: [] });
      });
    },
  );

  it('says so at once when nobody answers at all, and leaves nothing behind', async () => {
    for (const url of [await refusedUrl(), 'http://nowhere.invalid']) {
      await withArchive(async (archive) => {
        const job = { ...lab.job(archive), server: { ...lab.job(archive).server, url } };
        await expect(runJob(job, newProcess())).rejects.toThrow(UnreachableError);
        expect(await nodeDisk.list(archive)).toBeUndefined();
      });
    }
  });
});
