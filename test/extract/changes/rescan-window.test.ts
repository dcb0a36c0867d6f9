import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { dayMs } from '../../../src/model/time/durations.ts';
import type { Manifest } from '../../../src/archive/manifest/manifest.ts';
import { archivePaths } from '../../../src/archive/paths.ts';
import { verifyArchive } from '../../../src/archive/verify/verify.ts';
import { currentTable } from '../../../src/snapshot/current-table.ts';
import type { Exchange } from '../../../src/demo/server/exchange.ts';
import type { MessageDocument } from '../../../src/demo/workspace/message-document.ts';
import { sampleUsers } from '../../../src/demo/sample/people.ts';
import { sampleLogin } from '../../../src/demo/sample/sample-login.ts';
import { serveWorkspace, type ServedWorkspace } from '../../../src/demo/server/server.ts';
import { storeMessage } from '../../../src/demo/workspace/stored-message.ts';
import { Workspace } from '../../../src/demo/workspace/workspace.ts';
import { WorkspaceRoom } from '../../../src/demo/workspace/workspace-room.ts';
import { nodeDisk } from '../../../src/system/disk.ts';
import type { Job } from '../../../src/job/job.ts';
import { readFrames } from '../../../src/journal/read-frames.ts';
import { runJob } from '../../../src/pipeline.ts';
import type { RunOptions } from '../../../src/environment.ts';
import { journalPath } from '../../../src/plan/journal-path.ts';
import { type RunPlan } from '../../../src/plan/run-plan.ts';
import type { Row } from '../../../src/model/column.ts';
import { runHere } from '../../support/program/fake-process.ts';
import { compactHere } from '../../support/archives/compact-here.ts';
import { plainMessage, smallStartMs } from '../../support/workspaces/small-workspace.ts';
import { archiveContents } from '../../support/archives/archive-contents.ts';
import { leapingClock } from '../../support/clocks/leaping-clock.ts';
import { fullJob, newProcess } from '../../support/runs/new-process.ts';
import { withArchive } from '../../support/disk/temporary-folder.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';

const longIt = quickOrLong(it.skip, it);

const messagesAtStart = 150;
/** Messages are that far apart: the last minute of a room, which its cursor names, is a small part of it. */
const stepMs = 10_000;
/** Between two messages: number 99 is older than the window, number 100 is in it. */
const windowMs = smallStartMs + 99.5 * stepMs;
const runMs = Date.UTC(2026, 0, 1);
/** The clock of a run stands still until it is looked at. */
const lookbackMs = runMs - windowMs;

interface Refusal {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

const noSuchEndpoint: Refusal = { status: 404, body: { status: 'error', message: 'API endpoint does not exist' } };
const unauthorized: Refusal = {
  status: 403,
  body: { success: false, error: 'User does not have the permissions required for this action [error-unauthorized]' },
};
const notAllowed: Refusal = {
  status: 400,
  body: { success: false, error: 'Not allowed [error-not-allowed]', errorType: 'error-not-allowed' },
};

class Lab {
  readonly served: ServedWorkspace;
  readonly rooms: ReadonlyMap<string, WorkspaceRoom>;
  readonly archive: string;
  /** Told of each request before it is answered. */
  onRequest: (exchange: Exchange) => void = () => undefined;
  refusal: Refusal | null = noSuchEndpoint;

  private constructor(served: ServedWorkspace, rooms: ReadonlyMap<string, WorkspaceRoom>, archive: string) {
    this.served = served;
    this.rooms = rooms;
    this.archive = archive;
    served.rules.intercept = (exchange) => {
      this.onRequest(exchange);
      if (exchange.endpoint !== 'chat.syncMessages' || this.refusal === null) return false;
      exchange.response.writeHead(this.refusal.status, { 'content-type': 'application/json' });
      exchange.response.end(JSON.stringify(this.refusal.body));
      return true;
    };
  }

  /** Rooms of one message every ten seconds. */
  static async use(names: readonly string[], use: (lab: Lab) => Promise<void>): Promise<void> {
    const rooms = names.map(
      (name) =>
        new WorkspaceRoom({
          ...{ id: `${name}-id`, type: 'p', name, memberIds: [sampleLogin.userId], createdAtMs: smallStartMs },
          messages: Array.from({ length: messagesAtStart }, (_, at) => storeMessage(documentOf(name, String(at), at))),
        }),
    );
    const tokens = { [sampleLogin.authToken]: sampleLogin.userId };
    const served = await serveWorkspace(new Workspace({ users: sampleUsers, rooms, tokens }), { cap: 20 });
    try {
      await withArchive(async (archive) => {
        await use(new Lab(served, new Map(rooms.map((room) => [room.name, room])), archive));
      });
    } finally {
      await served.close();
    }
  }

  room(name: string): WorkspaceRoom {
    const room = this.rooms.get(name);
    if (room === undefined) throw new Error(`There is no room "${name}"`);
    return room;
  }

  job(fields: Partial<Job> = {}): Job {
    return fullJob(this.served.url, this.archive, {
      extract: [{ endpoint: 'groups.messages', rooms: ['*'] }],
      transform: { tables: ['messages', 'reactions'] },
      sinks: [{ format: 'jsonl' }],
      concurrency: 1,
      lookbackMs,
      ...fields,
    });
  }

  run(fields: Partial<Job> = {}, environment: RunOptions = {}): Promise<Manifest> {
    return runJob(this.job(fields), newProcess({ clock: leapingClock(runMs), everyRoom: true, ...environment }));
  }

  post(name: string, id: string, at: number): void {
    this.room(name).insert(storeMessage(documentOf(name, id, at)));
  }

  change(name: string, at: number, fields: Readonly<Record<string, unknown>>, changedAtMs = smallStartMs + 1e7): void {
    const before = documentOf(name, String(at), at);
    this.room(name).replace(storeMessage({ ...before, ...fields, _updatedAt: new Date(changedAtMs).toISOString() }));
  }

  /** What readers of the archive take for the current messages, by id. */
  async current(): Promise<ReadonlyMap<string, Row>> {
    const rows = new Map<string, Row>();
    const { rows: batches } = await currentTable(nodeDisk, this.archive, 'messages');
    for await (const batch of batches)
      for (const row of batch) if (typeof row['message_id'] === 'string') rows.set(row['message_id'], row);
    return rows;
  }

  /** Fails unless the archive's newest versions of the window are those of the server. */
  async expectTruth(): Promise<void> {
    const stored = [...(await this.current()).values()]
      .filter(({ ts }) => ts instanceof Date && ts.getTime() > windowMs)
      .map(({ message_id: id, msg, updated_at: updatedAt }) => [id, msg, updatedAt]);
    const served = [...this.rooms.values()]
      .flatMap(({ messages }) => messages.filter(({ tsMs, hidden }) => tsMs > windowMs && !hidden))
      .map((message) => [message.id, message.document()['msg'], new Date(message.updatedAtMs)]);
    expect(new Map(stored.map((row) => [row[0], row]))).toEqual(new Map(served.map((row) => [row[0], row])));
    expect((await verifyArchive(this.archive)).differences).toEqual([]);
  }

  /** `op` and id of the rows that a run added. */
  async added({ files, run }: Manifest): Promise<readonly string[]> {
    const added: string[] = [];
    for (const { path } of files.filter(({ table }) => table === 'messages')) {
      const text = (await nodeDisk.readFile(join(this.archive, path)))?.toString() ?? '';
      for (const line of text.split('\n').filter(Boolean)) {
        const row = JSON.parse(line) as { op: string; message_id: string; run: number };
        expect(row.run).toBe(run);
        added.push(`${row.op} ${row.message_id}`);
      }
    }
    return added.sort();
  }

  asked(endpoint: string, from = 0): number {
    return this.served.requests.slice(from).filter((request) => request.endpoint === endpoint).length;
  }
}

function documentOf(name: string, id: string, at: number): MessageDocument {
  const ts = new Date(smallStartMs + at * stepMs).toISOString();
  return { ...plainMessage(0), _id: `${name}-${id}`, rid: `${name}-id`, msg: `message ${id}`, ts, _updatedAt: ts };
}

/** Something of everything in room `ops-a`, within the window and before it. */
function liveALittle(lab: Lab): void {
  const room = lab.room('ops-a');
  lab.change('ops-a', 120, { msg: 'edited' });
  lab.change('ops-a', 130, { reactions: { ':tada:': { usernames: ['ada'] } } });
  // In the last minute before the newest, which the cursor of the room names.
  lab.change('ops-a', 148, { msg: 'edited late' });
  room.remove('ops-a-110', runMs);
  room.remove('ops-a-149', runMs);
  lab.post('ops-a', 'imported', 105.5);
  lab.post('ops-a', 'new', 1_000);
  // Before the window.
  lab.change('ops-a', 50, { msg: 'edited' });
  lab.change('ops-a', 99, { msg: 'edited' });
  room.remove('ops-a-51', runMs);
  lab.post('ops-a', 'imported-early', 52.5);
}

const lifeInWindow = [
  'delete ops-a-110',
  'delete ops-a-149',
  'upsert ops-a-120',
  'upsert ops-a-130',
  'upsert ops-a-148',
  'upsert ops-a-imported',
  'upsert ops-a-new',
];

describe('a run that is refused chat.syncMessages', () => {
  const refusals: readonly [string, Refusal, string][] = [
    ['404', noSuchEndpoint, 'not-found'],
    ['403 error-unauthorized', unauthorized, 'not-allowed'],
    ['400 error-not-allowed', notAllowed, 'not-allowed'],
  ];
  it.each(quickOrLong(refusals.slice(1, 2), refusals))(
    'finds what changed within the lookback when the answer is %s, once, and notes it',
    async (_, refusal, reason) => {
      await Lab.use(['ops-a', 'ops-b'], async (lab) => {
        lab.refusal = refusal;
        await lab.run();
        liveALittle(lab);
        const second = await lab.run();
        expect(second.gaps).toEqual([]);
        expect(await lab.added(second)).toEqual(lifeInWindow);
        await lab.expectTruth();
        const current = await lab.current();
        expect([50, 99].map((at) => current.get(`ops-a-${at}`)?.['msg'])).toEqual(['message 50', 'message 99']);
        expect(current.has('ops-a-51')).toBe(true);
        expect(current.has('ops-a-imported-early')).toBe(false);

        expect(second.notes.filter((note) => note.includes('chat.syncMessages'))).toEqual([
          expect.stringMatching(
            new RegExp(
              `^The server refuses chat\\.syncMessages in 2 rooms \\(${reason}\\): messages since 2024-01-01T00:16:35`,
            ),
          ),
        ]);
        expect(second.changes.map(({ endpoint, room, exported }) => [endpoint, room.name, exported])).toEqual([
          ['groups.messages', 'ops-a', 6],
          ['groups.messages', 'ops-b', 0],
        ]);
        for (let night = 0; night < 2; night += 1) {
          const later = await lab.run();
          expect(later.files).toEqual([]);
          expect(later.gaps).toEqual([]);
        }
      });
    },
  );

  it('asks the first room only when there is no such endpoint, and every room that is not allowed', async () => {
    const rooms = quickOrLong(['ops-a', 'ops-b'], ['ops-a', 'ops-b', 'ops-c']);
    await Lab.use(rooms, async (lab) => {
      await lab.run();
      let from = lab.served.requests.length;
      await lab.run();
      expect(lab.asked('chat.syncMessages', from)).toBe(1);
      from = lab.served.requests.length;
      lab.refusal = unauthorized;
      await lab.run();
      expect(lab.asked('chat.syncMessages', from)).toBe(rooms.length);
    });
  });

  longIt('takes the changes that the server tells when it tells them again, and no deletion twice', async () => {
    await Lab.use(['ops-a'], async (lab) => {
      await lab.run();
      lab.post('ops-a', 'new', 1_000);
      lab.room('ops-a').remove('ops-a-110', smallStartMs + 1_000 * stepMs);
      expect(await lab.added(await lab.run())).toEqual(['delete ops-a-110', 'upsert ops-a-new']);
      lab.refusal = null;
      expect((await lab.run()).files).toEqual([]);
      lab.change('ops-a', 50, { msg: 'edited' }, smallStartMs + 2_000 * stepMs);
      lab.room('ops-a').remove('ops-a-111', smallStartMs + 2_000 * stepMs);
      expect(await lab.added(await lab.run())).toEqual(['delete ops-a-111', 'upsert ops-a-50']);
    });
  });

  longIt('takes a message for deleted that the server hides, and for restored when it shows it again', async () => {
    await Lab.use(['ops-a'], async (lab) => {
      await lab.run();
      lab.served.rules.version = '7.0';
      lab.change('ops-a', 120, { _hidden: true });
      expect(await lab.added(await lab.run())).toEqual(['delete ops-a-120']);
      lab.change('ops-a', 120, {}, smallStartMs + 2e7);
      expect(await lab.added(await lab.run())).toEqual(['upsert ops-a-120']);
      expect((await lab.run()).files).toEqual([]);
    });
  });

  longIt('leaves a message that changed after the walk brought it to the next run', async () => {
    await Lab.use(['ops-a'], async (lab) => {
      await lab.run();
      lab.post('ops-a', 'new', 1_000);
      lab.onRequest = ({ endpoint }) => {
        if (endpoint !== 'chat.syncMessages') return;
        lab.room('ops-a').replace(
          storeMessage({
            ...documentOf('ops-a', 'new', 1_000),
            msg: 'edited',
            _updatedAt: '2026-01-01T00:00:00.000Z',
          }),
        );
      };
      // One connection: the room is read before its changes.
      expect(await lab.added(await lab.run())).toEqual(['upsert ops-a-new']);
      lab.onRequest = () => undefined;
      await lab.run();
      await lab.expectTruth();
      expect((await lab.current()).get('ops-a-new')?.['msg']).toBe('edited');
    });
  });

  it('compares what the steps make of a message, and tells one they drop from one that is gone', async () => {
    await Lab.use(['ops-a'], async (lab) => {
      lab.change('ops-a', 125, { t: 'uj' });
      const transform: Job['transform'] = { tables: ['messages'], steps: [{ kind: 'dropSystemMessages' }] };
      await lab.run({ transform });
      lab.change('ops-a', 126, { t: 'uj' });
      expect(await lab.added(await lab.run({ transform }))).toEqual(['delete ops-a-126']);
      lab.change('ops-a', 126, { t: 'uj', msg: 'once more' });
      expect((await lab.run({ transform })).files).toEqual([]);
    });
  });

  longIt('finds changes of a direct room whose id is a pseudonym in the tables', async () => {
    await Lab.use(['ops-a'], async (lab) => {
      lab.room('ops-a').type = 'd';
      const job: Partial<Job> = {
        extract: [{ endpoint: 'im.messages', rooms: ['*'] }],
        transform: { tables: ['messages'], steps: [{ kind: 'pseudonymize', key: 'a key of the test, long enough' }] },
      };
      await lab.run(job);
      lab.change('ops-a', 120, { reactions: { ':tada:': { usernames: ['ada'] } } });
      lab.room('ops-a').remove('ops-a-110', runMs);
      lab.post('ops-a', 'imported', 105.5);
      expect(await lab.added(await lab.run(job))).toEqual([
        ...['delete ops-a-110', 'upsert ops-a-120', 'upsert ops-a-imported'],
      ]);
      expect((await lab.run(job)).files).toEqual([]);
      const rooms = new Set([...(await lab.current()).values()].map(({ room_id: id }) => id));
      expect(rooms.size).toBe(1);
      expect(rooms.has('ops-a-id')).toBe(false);
    });
  });

  longIt.each([
    ['another updated_at', 'updatedAt: new Date(0)', ['upsert ops-a-121']],
    // What lies before the window by the server's time lies in it by the archive's.
    ['another ts', 'ts: new Date(message.ts.getTime() + 200_000)', []],
    ['another room', 'roomId: "elsewhere"', []],
  ])('takes no message twice, and none for deleted, that a plug-in gives %s', async (_, fields, imported) => {
    await Lab.use(['ops-a'], async (lab) => {
      const cwd = dirname(lab.archive);
      await writeFile(join(cwd, 'step.mjs'), `export default () => (message) => ({ ...message, ${fields} });`);
      const plugin = { use: './step.mjs', cwd, options: {}, writtenOptions: {} };
      const transform: Job['transform'] = { tables: ['messages'], steps: [{ kind: 'use', plugin }] };
      lab.room('ops-a').remove('ops-a-121', runMs);
      await lab.run({ transform });
      expect((await lab.run({ transform })).files).toEqual([]);
      lab.post('ops-a', '121', 121);
      const third = await lab.run({ transform });
      expect(await lab.added(third)).toEqual(imported);
      expect(third.notes.filter((note) => note.includes('could not be compared'))).toHaveLength(
        imported.length > 0 ? 0 : 1,
      );
    });
  });

  const incomparable: readonly (readonly [string, Partial<Job['transform']>, RegExp])[] = [
    ['a column is dropped', { steps: [{ kind: 'dropColumns', columns: ['updated_at'] }] }, /has no "updated_at"/],
    ['the table is not made', { tables: ['reactions'] }, /the job makes no table "messages"/],
  ];
  it.each(incomparable.slice(0, quickOrLong(1, 2)))(
    'compares nothing, and notes why, when %s',
    async (_, fields, why) => {
      await Lab.use(['ops-a'], async (lab) => {
        const transform: Job['transform'] = { tables: ['messages', 'reactions'], ...fields };
        await lab.run({ transform });
        lab.change('ops-a', 120, { msg: 'edited' });
        const second = await lab.run({ transform });
        expect(second.files).toEqual([]);
        expect(second.gaps).toEqual([]);
        expect(second.notes.filter((note) => note.includes('could not be compared'))).toEqual([
          expect.stringMatching(why),
        ]);
      });
    },
  );

  it('notes the rooms that it does not read whole, and reads nothing of them', async () => {
    await Lab.use(['ops-a', 'ops-b'], async (lab) => {
      const extract: Job['extract'] = [
        { endpoint: 'groups.messages', rooms: ['ops-a'], pinned: false },
        { endpoint: 'chat.getMentionedMessages', rooms: ['ops-b'] },
      ];
      await lab.run({ extract });
      lab.change('ops-a', 120, { msg: 'edited' });
      const from = lab.served.requests.length;
      const second = await lab.run({ extract });
      expect(second.gaps).toEqual([]);
      expect(second.files).toEqual([]);
      expect(second.notes.filter((note) => note.includes('refuses chat.syncMessages'))).toEqual([
        expect.stringContaining('room "ops-a"'),
        expect.stringContaining('room "ops-b"'),
      ]);
      expect(lab.asked('groups.messages', from)).toBe(0);
      expect(second.changes.map(({ endpoint }) => endpoint)).toEqual(['chat.syncMessages', 'chat.syncMessages']);
    });
  });

  longIt('brings a changed message to the table of mentions, too, and its elements once', async () => {
    await Lab.use(['ops-a'], async (lab) => {
      const job: Partial<Job> = {
        extract: [
          { endpoint: 'groups.messages', rooms: ['*'] },
          { endpoint: 'chat.getMentionedMessages', rooms: ['*'] },
        ],
        transform: { tables: ['messages', 'mentioned_messages', 'mentions'] },
      };
      const mentions = [{ _id: sampleLogin.userId, username: sampleLogin.user, type: 'user' }];
      lab.change('ops-a', 120, { mentions }, smallStartMs);
      await lab.run(job);
      lab.change('ops-a', 120, { mentions: [...mentions, { _id: 'all', username: 'all' }], msg: 'edited' });
      lab.change('ops-a', 121, { msg: 'edited' });
      expect((await lab.run(job)).tables).toEqual({ messages: 2, mentioned_messages: 1, mentions: 2 });
      expect((await lab.run(job)).files).toEqual([]);
    });
  });

  longIt('opens no file of the archive that can hold nothing so new', async () => {
    await Lab.use(['ops-a'], async (lab) => {
      const runAt = (day: number): Promise<Manifest> =>
        lab.run({ lookbackMs: 7 * dayMs }, { clock: leapingClock(runMs + day * dayMs) });
      const first = await runAt(0);
      const secondOf = (day: number): number => (runMs + day * dayMs - smallStartMs) / stepMs;
      lab.post('ops-a', 'later', secondOf(60));
      await runAt(61);
      for (const { path } of first.files) await nodeDisk.remove(join(lab.archive, path));
      lab.room('ops-a').remove('ops-a-later', runMs + 62 * dayMs);
      const third = await runAt(62);
      expect(third.gaps).toEqual([]);
      expect(await lab.added(third)).toEqual(['delete ops-a-later']);
      // A week later its deletion is as old, too.
      expect((await runAt(66)).files).toEqual([]);
      expect((await runAt(80)).files).toEqual([]);
    });
  });

  longIt.each(['all', 'latest'] as const)(
    'finds the same in an archive that was compacted to %s rows',
    async (keeps) => {
      await Lab.use(['ops-a'], async (lab) => {
        const job: Partial<Job> = { partition: 'month', sinks: [{ format: 'jsonl' }, { format: 'parquet' }] };
        await lab.run(job);
        lab.change('ops-a', 120, { msg: 'edited' });
        lab.room('ops-a').remove('ops-a-110', runMs);
        await lab.run(job);
        await compactHere(lab.archive, { keeps });
        expect((await lab.run(job)).files).toEqual([]);
        lab.change('ops-a', 120, { msg: 'edited again' }, smallStartMs + 2e7);
        expect((await lab.run(job)).tables['messages']).toBe(1);
        await lab.expectTruth();
      });
    },
  );

  longIt('takes nothing for deleted in a room that is read again from its beginning', async () => {
    await Lab.use(['ops-a'], async (lab) => {
      await lab.run();
      expect(await runHere(['state', 'reset', lab.archive, '--room', 'ops-a'])).toMatchObject({ code: 0 });
      const second = await lab.run();
      expect(second.tables['messages']).toBe(messagesAtStart);
      expect((await lab.added(second)).filter((row) => row.startsWith('delete'))).toEqual([]);
      await lab.expectTruth();
      expect((await lab.run()).files).toEqual([]);
    });
  });

  it('makes a room a gap whose archive is damaged, and brings its changes when it is mended', async () => {
    await Lab.use(['ops-a'], async (lab) => {
      const first = await lab.run();
      const path = join(lab.archive, first.files[0]?.path ?? '');
      const bytes = (await nodeDisk.readFile(path)) ?? Buffer.of();
      await nodeDisk.remove(path);
      lab.change('ops-a', 120, { msg: 'edited' });
      const second = await lab.run();
      expect(second.gaps).toMatchObject([{ endpoint: 'groups.messages', reason: 'archive-unreadable' }]);
      expect(second.files).toEqual([]);
      const file = await nodeDisk.open(path, 'truncate');
      await file.write(bytes);
      await file.close();
      expect(await lab.added(await lab.run())).toEqual(['upsert ops-a-120']);
      await lab.expectTruth();
    });
  });

  longIt('goes on where it was cut, asks for no page twice and ends with the same bytes', async () => {
    const whole = await cutAt(null);
    expect(whole.pages).toBeGreaterThan(6);
    let journaled = 0;
    for (let at = 1; at <= whole.pages; at += quickOrLong(6, 1)) {
      const resumed = await cutAt(at);
      journaled += resumed.journaled;
      expect([at, resumed.twice]).toEqual([at, []]);
      expect(resumed.contents).toEqual(whole.contents);
    }
    expect(journaled).toBeGreaterThan(quickOrLong(1, 3));
  });
});

interface Ending {
  /** Requests for pages in place of changes. */
  readonly pages: number;
  /** Pages in the journals at the cut, and those of them that were asked for again after it. */
  readonly journaled: number;
  readonly twice: readonly string[];
  /** What the archive holds, whatever the server's port. */
  readonly contents: string;
}

/** Room and offset of each page in the journals of changes. */
async function journaledPages(archive: string): Promise<ReadonlySet<string>> {
  const runPlan = JSON.parse(String(await nodeDisk.readFile(join(archive, archivePaths.runPlan)))) as RunPlan;
  const pages = new Set<string>();
  for (const changes of runPlan.changes) {
    for await (const { frame } of readFrames(nodeDisk, journalPath(archive, changes))) {
      const asked = frame.kind === 'page' ? frame.record.asked : null;
      if (asked?.kind === 'offset') pages.add(`${changes.room.id} ${asked.offset}`);
    }
  }
  return pages;
}

/** Runs, and goes on with it when it is cut at such a request; null: it is not. */
async function cutAt(page: number | null): Promise<Ending> {
  let ending: Ending | undefined;
  await Lab.use(['ops-a', 'ops-b'], async (lab) => {
    await lab.run();
    // Nothing that the room list shows: all that is asked is asked in place of changes.
    lab.change('ops-a', 120, { msg: 'edited' });
    lab.change('ops-b', 101, { msg: 'edited' });
    const stop = new AbortController();
    const asked: string[] = [];
    lab.onRequest = ({ endpoint, params }) => {
      if (endpoint === 'groups.messages') asked.push(`${String(params['roomId'])} ${String(params['offset'])}`);
      if (asked.length === page) stop.abort(new Error('cut'));
    };
    const first = lab.run({}, { signal: stop.signal });
    let twice: readonly string[] = [];
    let journaled: ReadonlySet<string> = new Set();
    if (page === null) await first;
    else {
      await expect(first).rejects.toThrow('Reading was stopped');
      journaled = await journaledPages(lab.archive);
      await lab.run();
      twice = asked.slice(page).filter((one) => journaled.has(one));
    }
    await lab.expectTruth();
    ending = {
      pages: asked.length,
      journaled: journaled.size,
      twice,
      contents: JSON.stringify(await archiveContents(nodeDisk, lab.archive))
        .replaceAll(lab.served.url, '')
        .replaceAll(/"job":\{[^}]*\}/g, ''),
    };
    lab.onRequest = () => undefined;
    expect((await lab.run()).files).toEqual([]);
  });
  if (ending === undefined) throw new Error('The lab was not used');
  return ending;
}
