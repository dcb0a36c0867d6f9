import { isDeepStrictEqual } from 'node:util';
import { verifyArchive } from '../../../../src/archive/verify/verify.ts';
import type { Coverage } from '../../../../src/archive/manifest/coverage.ts';
import type { Manifest } from '../../../../src/archive/manifest/manifest.ts';
import { createPrng, type Prng } from '../../../../src/demo/sample/prng.ts';
import { serveWorkspace, type ServedWorkspace } from '../../../../src/demo/server/server.ts';
import { JobError, RoomError, StoppedError, UsageError } from '../../../../src/errors.ts';
import { listTableNames } from '../../../../src/model/table-name.ts';
import { runJob } from '../../../../src/pipeline.ts';
import type { ReadableFormat } from '../../../../src/readers/data-file.ts';
import { readArchiveHistory } from '../../../../src/snapshot/archive-history.ts';
import type { Disk } from '../../../../src/system/disk.ts';
import { faultDisk } from '../../disk/fault-disk.ts';
import { MemoryDisk } from '../../disk/memory-disk.ts';
import { newProcess } from '../../runs/new-process.ts';
import { ArchiveTools } from './archive-tools.ts';
import { ChangingWorkspace } from './changing-workspace.ts';
import { controlDifferences } from './control-differences.ts';
import { formatDifferences, type RowsOfFormat } from './format-differences.ts';
import { jobFromSettings } from './job-from-settings.ts';
import { droppedBy, hidingOtherwise, nextSettings, type JobSettings } from './job-settings.ts';
import { namesIn, purgedIn } from './leaks.ts';
import { storedRows } from './stored-rows.ts';

const archive = '/archive';
/** Whether a table follows the server's lists, and not the messages. */
const isList = (table: string): boolean => listTableNames.some((name) => name === table);

const formats = ['jsonl', 'csv', 'parquet'] as const satisfies readonly ReadableFormat[];

/** How many runs may still ask for messages while nothing happens: see life.ts. */
const mostPutOff = 2;

/** An archive whose job somebody edits between the runs, in any way that a job file can be edited. */
export class ChangingLife {
  /** What happened, in sentences. */
  readonly log: string[] = [];
  readonly #prng: Prng;
  readonly #workspace: ChangingWorkspace;
  readonly #server: ServedWorkspace;
  readonly #disk = new MemoryDisk();
  readonly #tools: ArchiveTools;
  /** What every run was told to do, cut ones too. */
  readonly #jobs: JobSettings[] = [];
  #job: JobSettings | undefined;
  #isCut = false;

  private constructor(prng: Prng, workspace: ChangingWorkspace, server: ServedWorkspace) {
    this.#prng = prng;
    this.#workspace = workspace;
    this.#server = server;
    this.#tools = new ArchiveTools(workspace, this.#disk, archive);
  }

  /** @returns what is wrong after some run, and all that had happened until then; undefined: nothing was */
  static async live(
    seed: number,
  ): Promise<{ readonly problems: readonly string[]; readonly log: readonly string[] } | undefined> {
    const prng = createPrng(seed);
    const workspace = new ChangingWorkspace(prng);
    const { world } = workspace;
    const server = await serveWorkspace(world.workspace, { version: '8.8.0', now: () => world.serverMs() });
    try {
      const life = new ChangingLife(prng, workspace, server);
      for (let left = prng.integer(4, 7); left > 0; left -= 1) {
        const problems = await life.#night();
        if (problems.length > 0) return { problems, log: life.log };
      }
      return undefined;
    } finally {
      await server.close();
    }
  }

  async #night(): Promise<readonly string[]> {
    const prng = this.#prng;
    const { world, beganMs } = this.#workspace;
    let tool = '';
    if (this.#job !== undefined) {
      this.log.push(`people: ${this.#workspace.liveOn().join(', ')}`);
      if (prng.chance(0.3)) this.log.push((tool = await this.#tools.use(prng)));
    }
    const edited = nextSettings(prng, { beganMs, nowMs: world.trueMs }, this.#job);
    // Who was purged is known by a name that the next job may not know any more.
    const job = tool.startsWith('purgeUser') && prng.chance(0.5) ? hidingOtherwise(edited, prng) : edited;
    this.#job = job;
    this.log.push(`job: ${JSON.stringify(job)}`);
    if (prng.chance(0.12) && (await this.#isCutIn(job)) && prng.chance(0.5)) return [];
    // A run that resumes one that was cut does not ask again for what that one has read.
    if (this.#isCut && (await this.#run(job)) !== null) {
      this.#isCut = false;
      this.#workspace.show();
      world.trueMs += 60_000;
    }
    const manifest = await this.#run(job);
    if (manifest === null) return [];
    const { notes, coverage } = manifest;
    this.log.push(JSON.stringify({ run: manifest.run, notes, ...coverage }));
    const problems = coverage === undefined ? ['no coverage'] : await this.#look(job, coverage);
    return problems.length > 0 || !prng.chance(0.5) ? problems : this.#rest(job);
  }

  async #isCutIn(job: JobSettings): Promise<boolean> {
    const fault = this.#prng.pick(['dies-within', 'dies-before'] as const);
    const step = this.#prng.integer(1, 120);
    this.#jobs.push(job);
    try {
      await this.#runOn(faultDisk(this.#disk, fault, step).disk, archive, job);
      return false;
    } catch (error) {
      this.log.push(`cut at step ${step}: ${String(error)}`);
      this.#isCut = true;
      return true;
    }
  }

  /** @returns null: it was refused, with an error that says what to do */
  #run(job: JobSettings): Promise<Manifest | null> {
    this.#jobs.push(job);
    return this.#unlessRefused(() => this.#runOn(this.#disk, archive, job));
  }

  async #unlessRefused(run: () => Promise<Manifest>): Promise<Manifest | null> {
    try {
      return await run();
    } catch (error) {
      const isRefusal = [JobError, RoomError, StoppedError, UsageError].some((kind) => error instanceof kind);
      if (!isRefusal) throw error;
      this.log.push(`refused: ${String(error)}`);
      return null;
    }
  }

  #runOn(disk: Disk, output: string, job: JobSettings): Promise<Manifest> {
    const { world } = this.#workspace;
    return runJob(jobFromSettings(job, this.#server.url, output), newProcess({ clock: world.clientClock(), disk }));
  }

  async #look(job: JobSettings, coverage: Coverage): Promise<readonly string[]> {
    const { differences } = await verifyArchive(archive, { disk: this.#disk });
    const problems = differences.map((difference) => `verify: ${JSON.stringify(difference)}`);
    problems.push(...(await this.#compareWithFirstRun(job, coverage)));
    const stored = new Map<ReadableFormat, RowsOfFormat>();
    const { everyRun } = await readArchiveHistory(this.#disk, archive);
    const hiding = everyRun.filter(({ steps }) => steps.some(({ step }) => step === 'pseudonymize'));
    const hidingRuns = new Set(hiding.map(({ run }) => run));
    for (const format of formats) {
      const rows = await storedRows(this.#disk, archive, format);
      problems.push(...namesIn(rows, this.#workspace, hidingRuns), ...purgedIn(rows, this.#tools.purged));
      // Cells of CSV that spreadsheets do not take for formulas are others.
      const isOther = format === 'csv' && this.#jobs.some(({ excelSafe }) => excelSafe);
      if (job.formats.includes(format) && !isOther) stored.set(format, rows);
    }
    problems.push(...formatDifferences(stored, job.tables, { coverage, dropped: droppedBy(this.#jobs) }));
    return problems;
  }

  /** A first run of the same job, on the same server, at the same time. */
  async #compareWithFirstRun(job: JobSettings, coverage: Coverage): Promise<readonly string[]> {
    const { world } = this.#workspace;
    const disk = new MemoryDisk();
    const nowMs = world.trueMs;
    const control = await this.#unlessRefused(() => this.#runOn(disk, archive, { ...job, raw: false }));
    world.trueMs = nowMs;
    // No room has the names of an entry any more: only who has read them before knows what they were.
    if (control === null) return [];
    const isAll = job.extract.some((entry) => isDeepStrictEqual(entry, { rooms: ['*'] }));
    const read = new Set(control.lists.map(({ room }) => room.id));
    const unread = isAll ? this.#workspace.readable.filter((id) => !read.has(id)) : [];
    const written = JSON.stringify(job.extract);
    const differences = await controlDifferences({
      ...{ job, purged: this.#tools.purged, workspace: this.#workspace },
      archive: { disk: this.#disk, folder: archive, coverage },
      control: { disk, folder: archive, manifest: control },
      readOtherwise: this.#jobs.some(({ extract }) => JSON.stringify(extract) !== written),
    });
    return [...unread.map((id) => `room ${id} was not read`), ...differences];
  }

  /** More runs while nobody does anything: in the end they ask for no page of messages, and from the second on write no row of one. */
  async #rest(job: JobSettings): Promise<readonly string[]> {
    const problems: string[] = [];
    for (let at = 0; at <= mostPutOff; at += 1) {
      this.#workspace.world.trueMs += 60_000;
      const before = this.#server.requests.length;
      const manifest = await this.#run(job);
      const asked = this.#server.requests.slice(before).filter(({ endpoint }) => /messages$|history$/i.test(endpoint));
      const rows = Object.entries(manifest?.tables ?? {}).filter(([table, count]) => count > 0 && !isList(table));
      const text = asked.slice(0, 3).map(({ endpoint, params }) => `${endpoint} ${JSON.stringify(params)}`);
      if (at === mostPutOff && asked.length > 0) problems.push(`the same run once more asks for ${text.join(', ')}`);
      if (at > 0 && rows.length > 0) problems.push(`the same run once more writes ${JSON.stringify(rows)}`);
    }
    return problems;
  }
}
