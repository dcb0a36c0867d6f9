import { createPrng, type Prng } from '../../../src/demo/sample/prng.ts';
import { serveWorkspace } from '../../../src/demo/server/server.ts';
import { isoTime } from '../../../src/demo/workspace/iso-time.ts';
import type { ExtractEntry, Job } from '../../../src/job/job.ts';
import { isInPeriod, type Period } from '../../../src/model/time/period.ts';
import { allowedLatenessMs } from '../../../src/model/stream.ts';
import { runJob } from '../../../src/pipeline.ts';
import { faultDisk } from '../disk/fault-disk.ts';
import { MemoryDisk } from '../disk/memory-disk.ts';
import { inflict } from '../network/faults.ts';
import { fullJob, newProcess } from '../runs/new-process.ts';
import { decorations, messageActs } from './acts/message-acts.ts';
import { dayMs, LifeWorld } from './life-world.ts';
import { ArchiveRows } from './truth/archive-rows.ts';
import { latestProblems } from './truth/latest-problems.ts';
import { Ledger } from './truth/ledger.ts';
import { lineOf, rowsOf, type ComparedTable } from './truth/truth-lines.ts';

const archive = '/archive';

const lists = ['messages', 'mentioned_messages'] as const;
type List = (typeof lists)[number];

const tables = [...lists, 'mentions', 'reactions'] as const satisfies readonly ComparedTable[];

/** A job's period for each of the lists that it reads of one room, and how. */
export interface PeriodJob {
  readonly periods: Readonly<Partial<Record<List, Period>>>;
  readonly via: 'messages' | 'history';
  readonly pageSize: number;
  /** Whether its run dies at some step of the disk. */
  readonly isCut: boolean;
}

export interface PeriodLife {
  readonly seed: number;
  readonly runs: number;
  /** Whether the server refuses to report changes, so that the latest messages are read again. */
  readonly refusesChanges?: boolean;
  readonly cuts?: number;
  readonly history?: number;
}

/** What was taken of a list, as a reader of the job would say: since, and until the run or the period ended. */
interface Asked extends Period {
  readonly list: List;
  /** The newest message of the room then. */
  readonly newestMs: number;
  readonly act: number;
  /** Whether its run was cut: what it read may be thrown away, or published by the next. */
  readonly isCut: boolean;
}

/**
 * Runs one job over a room that people write in, edit and delete in, and import old messages into, while the borders of
 * its periods are moved between the runs, some of which are cut.
 *
 * @returns what is wrong after each run, in sentences; nothing when the tables have the truth of all periods, once
 */
export async function runMovedPeriods({
  seed,
  runs,
  refusesChanges = false,
  cuts = 0,
  history = 0,
}: PeriodLife): Promise<readonly string[]> {
  const prng = createPrng(seed);
  const world = new LifeWorld();
  const intercept = inflict(({ endpoint }) =>
    refusesChanges && endpoint === 'chat.syncMessages'
      ? { kind: 'answer', status: 404, contentType: 'text/html', body: 'Not found' }
      : null,
  );
  const server = await serveWorkspace(world.workspace, { version: '8.8.0', now: () => world.serverMs(), intercept });
  const disk = new MemoryDisk();
  const rows = new ArchiveRows(disk, archive, tables, 'jsonl');
  const ledger = new Ledger();
  const asked: Asked[] = [];
  const room = world.openRoom({ type: 'p', name: 'ops' });
  const beganMs = world.trueMs;
  for (let left = prng.integer(5, 60); left > 0; left -= 1) {
    // Ties, too.
    world.trueMs += prng.pick([0, 0, 1, 1_000, 3_600_000, dayMs]);
    world.post(room, prng, decorations(prng));
  }
  ledger.note(world.workspace, 'the beginning');
  const said: string[] = [];
  let job = randomJob(prng, beganMs, world, { cuts, history });
  try {
    for (let at = 0; at < runs; at += 1) {
      // A run that is resumed after a cut does not ask again for what it has read.
      const isStill = at === 0 || job.isCut;
      for (let left = isStill ? 0 : prng.integer(0, 5); left > 0; left -= 1) {
        world.trueMs += prng.integer(1_000, 900_000);
        const by = prng.pick([...Object.keys(acts), 'import'] as (keyof typeof acts | 'import')[]);
        if (by === 'import') {
          const ms = beganMs + prng.integer(0, Math.max(1, world.trueMs - beganMs - 7_200_000));
          world.post(room, prng, { ...decorations(prng), ts: isoTime(ms) });
        } else acts[by](world, prng);
        world.shows(room);
        ledger.note(world.workspace, by);
      }
      world.trueMs += prng.pick([10_000, 1_200_000, 7_200_000]);
      if (prng.chance(0.8)) job = randomJob(prng, beganMs, world, { cuts, history });
      said.push(textOf(job));
      const own = job.isCut ? faultDisk(disk, 'dies-within', prng.integer(1, 60)).disk : disk;
      const newestMs = room.messages.at(-1)?.tsMs ?? 0;
      const manifest = await runJob(
        jobOf(server.url, job),
        newProcess({ clock: world.clientClock(), disk: own }),
      ).catch((error: unknown) => {
        if (job.isCut) return null;
        throw error;
      });
      for (const list of lists) {
        const period = job.periods[list];
        if (period !== undefined) asked.push({ ...period, list, newestMs, act: ledger.now, isCut: manifest === null });
      }
      // What a cut run has read may be published by the next.
      if (manifest === null) continue;
      const problems = [
        ...(await rows.readOn(manifest.run)),
        ...wrongRows({ job, rows, ledger, asked, refusesChanges }),
        ...(await latestProblems(disk, archive, rows, tables)),
        ...manifest.notes.filter((note) => note.includes('the list holds')),
      ];
      if (problems.length > 0) return [...said, ...problems];
    }
    return [];
  } finally {
    await server.close();
  }
}

const { post, reply, edit, react, unreact, unmention, remove } = messageActs;
const acts = { post, reply, edit, react, unreact, unmention, remove } as const;

function randomJob(
  prng: Prng,
  beganMs: number,
  world: LifeWorld,
  { cuts, history }: { readonly cuts: number; readonly history: number },
): PeriodJob {
  const [room] = world.rooms;
  const border = (): number => {
    const messages = room?.messages ?? [];
    const message = messages[prng.integer(0, Math.max(0, messages.length - 1))];
    if (message !== undefined && prng.chance(0.7)) return message.tsMs + prng.pick([-1, 0, 1]);
    return prng.integer(beganMs - dayMs, world.trueMs + dayMs);
  };
  const period = (): Period => {
    const [from, to] = [border(), border()].sort((a, b) => a - b);
    const sinceMs = prng.chance(0.3) ? null : (from ?? null);
    const untilMs = prng.chance(0.4) ? null : (to ?? 0) + 1;
    return { sinceMs, untilMs };
  };
  const kinds = prng.pick<readonly List[]>([['messages'], ['mentioned_messages'], lists, lists]);
  const one = period();
  const isOne = prng.chance(0.5);
  return {
    periods: Object.fromEntries(kinds.map((list) => [list, isOne ? one : period()])),
    via: prng.chance(history) ? 'history' : 'messages',
    pageSize: prng.integer(4, 20),
    isCut: prng.chance(cuts),
  };
}

function jobOf(url: string, { periods, via, pageSize }: PeriodJob): Job {
  const extract = lists.flatMap((list): ExtractEntry[] => {
    const period = periods[list];
    if (period === undefined) return [];
    const entry = { rooms: ['ops'], period, pageSize };
    return [list === 'messages' ? { ...entry, via } : { ...entry, endpoint: 'chat.getMentionedMessages' }];
  });
  return fullJob(url, archive, { extract, transform: { tables }, sinks: [{ format: 'jsonl' }] });
}

interface Compared {
  readonly job: PeriodJob;
  readonly rows: ArchiveRows;
  readonly ledger: Ledger;
  readonly asked: readonly Asked[];
  readonly refusesChanges: boolean;
}

/** What the tables of messages that the job reads have, and should not, or lack. */
function* wrongRows({ job, rows, ledger, asked, refusesChanges }: Compared): Generator<string> {
  for (const list of lists) {
    const period = job.periods[list];
    if (period === undefined) continue;
    const current = rows.current(list);
    for (const id of ledger.ids) {
      const versions = ledger.versions(id);
      const { document = null, by = '' } = versions.at(-1) ?? {};
      const ts = versions.find((version) => version.document !== null)?.document?.ts;
      const row = { id, tsMs: Date.parse(String(ts)) };
      const posted = versions[0]?.act ?? 0;
      const due = document === null ? '' : lineOf(list, rowsOf(list, document));
      const actual = lineOf(list, current.get(id) ?? []);
      if (actual === due) continue;
      const earlier = asked.filter((one) => one.list === list && !one.isCut && isInPeriod(row, one));
      // Nobody has asked for it, or not any more when it came.
      const isNeverDue = earlier.every((one) => posted > one.act && row.tsMs > one.newestMs);
      // It may have come late behind what a run took last, or while nobody looked.
      const isUnsure =
        !isInPeriod(row, period) &&
        earlier.every((one) => posted > one.act && row.tsMs > one.newestMs - allowedLatenessMs);
      // Of what lies outside the period only what the table has is kept up to date: a later mention is none of it.
      const isOtherMention = list === 'mentioned_messages' && !isInPeriod(row, period);
      if (actual === '' && (isNeverDue || isUnsure || isOtherMention)) continue;
      // Where the server reports nothing, what changed long ago is not found: neither a new version nor a new mention.
      const first = earlier.find((one) => row.tsMs <= one.newestMs);
      const isWalked = list === 'messages' && first !== undefined && posted <= first.act;
      if (refusesChanges && (actual === '' ? !isWalked : !isNeverDue)) continue;
      yield `${list}: ${id} of ${String(ts)} (${by}) is ${actual || 'nothing'} where ${isNeverDue ? 'nothing' : due || 'nothing'} is due`;
    }
  }
}

function textOf({ periods, via, pageSize, isCut }: PeriodJob): string {
  const text = (ms: number | null): string => (ms === null ? '' : new Date(ms).toISOString());
  const said = Object.entries(periods).map(
    ([list, { sinceMs, untilMs }]) => `${list} ${text(sinceMs)}..${text(untilMs)}`,
  );
  return `${isCut ? 'cut: ' : ''}${said.join(', ')} via ${via}, pages of ${pageSize}`;
}
