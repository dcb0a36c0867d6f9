import type { MessageDocument } from '../../../src/demo/workspace/message-document.ts';
import { createPrng, type Prng } from '../../../src/demo/sample/prng.ts';
import { serveWorkspace } from '../../../src/demo/server/server.ts';
import type { EndpointName } from '../../../src/endpoints/endpoint-name.ts';
import type { Job } from '../../../src/job/job.ts';
import { runJob } from '../../../src/pipeline.ts';
import { resetState } from '../../../src/archive/stored-state/state-links.ts';
import { MemoryDisk } from '../disk/memory-disk.ts';
import { fullJob, newProcess } from '../runs/new-process.ts';
import { publishedRuns } from '../../../src/archive/manifest/run-manifests.ts';
import { faultDisk } from '../disk/fault-disk.ts';
import { ArchiveRows } from './truth/archive-rows.ts';
import { latestProblems } from './truth/latest-problems.ts';
import { Ledger } from './truth/ledger.ts';
import { LifeWorld } from './life-world.ts';
import { decorations, messageActs } from './acts/message-acts.ts';
import { comparedTables, lineOf, rowsOf, type ComparedTable } from './truth/truth-lines.ts';

const archive = '/archive';

/** What a job is edited in between its runs. */
export interface EditedJob {
  readonly entries: readonly Source[];
  readonly tables: readonly ComparedTable[];
  /** Whether `state reset` has it read all rooms again. */
  readonly isReset?: true;
  /** Whether its run dies at some step of the disk: another job follows. */
  readonly isCut?: true;
}

/** The list that rows come from: every message of a room, or those that mention the login. */
type Source = 'messages' | 'mentioned_messages';

const sources = ['messages', 'mentioned_messages'] as const;

const endpointOf: Readonly<Record<Source, EndpointName>> = {
  messages: 'groups.messages',
  mentioned_messages: 'chat.getMentionedMessages',
};

const elements: readonly ComparedTable[] = ['mentions', 'reactions', 'attachments', 'links'];

/** Nobody prunes, and no bulk update touches all: those are for whole lives. */
const { post, reply, edit, react, unreact, unmention, detach, unlink, remove } = messageActs;
const acts = { post, reply, edit, react, unreact, unmention, detach, unlink, remove } as const;

/** @param resets how likely it reads all again */
export function randomJob(prng: Prng, resets = 0): EditedJob {
  const entries = prng.pick<readonly Source[]>([
    ['messages', 'mentioned_messages'],
    ['messages'],
    ['mentioned_messages'],
    ['messages', 'mentioned_messages'],
  ]);
  const tables = comparedTables.filter(
    (table) => prng.chance(0.6) && (elements.includes(table) || entries.some((source) => source === table)),
  );
  const isReset = prng.chance(resets);
  return { entries, tables: tables.length === 0 ? ['reactions'] : tables, ...(isReset && { isReset }) };
}

/** @returns what is wrong after each run of each job, in sentences; nothing when all is well */
export async function runEditedJobs(jobs: readonly EditedJob[], seed: number): Promise<readonly string[]> {
  const prng = createPrng(seed);
  const world = new LifeWorld();
  const server = await serveWorkspace(world.workspace, { version: '8.8.0', now: () => world.serverMs() });
  const disk = new MemoryDisk();
  const rows = new ArchiveRows(disk, archive, comparedTables, 'jsonl');
  const ledger = new Ledger();
  const owed = new OwedMessages(ledger);
  /** Lists that the next run over them reads from the beginning. */
  const reset = new Set<Source>();
  let published = 0;
  const room = world.openRoom({ type: 'p', name: 'ops' });
  for (let left = 12; left > 0; left -= 1) {
    world.trueMs += 1_000;
    world.post(room, prng, decorations(prng));
  }
  ledger.note(world.workspace, 'the beginning');
  try {
    for (const [at, job] of jobs.entries()) {
      // A run that goes on after a cut does not ask again for what it has read.
      const isStill = at === 0 || jobs[at - 1]?.isCut === true;
      for (let left = isStill ? 0 : prng.integer(0, 5); left > 0; left -= 1) {
        world.trueMs += prng.integer(1_000, 900_000);
        const by = prng.pick(Object.keys(acts) as (keyof typeof acts)[]);
        acts[by](world, prng);
        world.shows(room);
        ledger.note(world.workspace, by);
      }
      world.trueMs += prng.pick([10_000, 1_200_000, 7_200_000]);
      if (job.isReset === true) {
        await resetState(disk, archive, new Date(world.trueMs).toISOString(), () => 'all');
        for (const source of sources) reset.add(source);
        published = (await publishedRuns(disk, archive)).length;
      }
      const step = prng.integer(1, 90);
      const own = job.isCut === true ? faultDisk(disk, 'dies-within', step).disk : disk;
      const manifest = await runJob(
        jobOf(server.url, job),
        newProcess({ clock: world.clientClock(), disk: own }),
      ).catch((error: unknown) => {
        if (job.isCut === true) return null;
        throw error;
      });
      if (manifest === null) continue;
      const { run } = manifest;
      const before = jobs[at - 1];
      const links = (await publishedRuns(disk, archive)).length;
      // A run that died when it was committed is published by the next.
      const ran = before?.isCut === true && links === published + 2 ? [before, job] : [job];
      published = links;
      const isAgain = ran.flatMap(({ entries }) => entries).filter((source) => reset.delete(source)).length > 0;
      for (const one of ran) owed.ran(one);
      // What is read again is written again.
      const repeated = (await rows.readOn(run)).filter(
        (problem) => !isAgain || !problem.includes(' that say what run '),
      );
      const problems = [
        ...repeated,
        ...owed.problems(job, rows),
        ...(await latestProblems(disk, archive, rows, job.tables)),
      ];
      if (problems.length > 0) return problems.map((problem) => `run ${at + 1}: ${problem}`);
    }
    return [];
  } finally {
    await server.close();
  }
}

function jobOf(url: string, { entries, tables }: EditedJob): Job {
  return fullJob(url, archive, {
    extract: entries.map((source) => ({ endpoint: endpointOf[source], rooms: ['ops'] })),
    transform: { tables },
    sinks: [{ format: 'jsonl' }],
  });
}

/**
 * Which messages a table has to show as they are. A table that the job made from the first run over a list on: all of
 * that list. One that came later: those that were posted or changed since the run before.
 */
class OwedMessages {
  readonly #ledger: Ledger;
  /** By list and table: what happened after this act. */
  readonly #since = new Map<string, number>();
  /** Lists that some run has read. */
  readonly #read = new Set<Source>();
  /** Acts that the last run knew. */
  #lastRunAt = 0;

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  ran({ entries, tables, isReset }: EditedJob): void {
    for (const source of isReset === true ? entries : [])
      for (const table of tables) this.#since.set(`${source} ${table}`, 0);
    // All messages first.
    for (const source of entries.toSorted((a, b) => b.localeCompare(a))) {
      for (const table of tables) {
        const key = `${source} ${table}`;
        // Elements come from the list of all messages, where the job has it.
        const since =
          elements.includes(table) && entries.includes('messages') ? this.#since.get(`messages ${table}`) : undefined;
        if (!this.#since.has(key)) this.#since.set(key, since ?? (this.#read.has(source) ? this.#lastRunAt : 0));
      }
    }
    for (const source of entries) this.#read.add(source);
    this.#lastRunAt = this.#ledger.now;
  }

  *problems({ entries, tables }: EditedJob, rows: ArchiveRows): Generator<string> {
    for (const table of tables) {
      const current = rows.current(table);
      for (const id of this.#ledger.ids) {
        const newest = this.#ledger.newest(id);
        const document = newest?.document ?? null;
        const isDue = entries.some(
          (source) =>
            (elements.includes(table) || table === source) &&
            (source === 'messages' || mentionsLogin(document)) &&
            (newest?.act ?? 0) > (this.#since.get(`${source} ${table}`) ?? Number.POSITIVE_INFINITY),
        );
        const due = document === null ? '' : lineOf(table, rowsOf(table, document));
        const actual = lineOf(table, current.get(id) ?? []);
        // A list of mentions says nothing of the elements of other messages.
        const isKnown = !elements.includes(table) || entries.includes('messages') || mentionsLogin(document);
        if (actual === due || (!isDue && (actual === '' || !isKnown))) continue;
        yield `${table}: ${id} (${newest?.by ?? ''}) is ${actual || 'nothing'} where ${due || 'nothing'} is due`;
      }
    }
  }
}

function mentionsLogin(document: MessageDocument | null): boolean {
  return document !== null && rowsOf('mentioned_messages', document).length > 0;
}
