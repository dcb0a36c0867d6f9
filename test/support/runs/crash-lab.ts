import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { verifyArchive } from '../../../src/archive/verify/verify.ts';
import type { RequestRecord } from '../../../src/demo/server/exchange.ts';
import type { Rules } from '../../../src/demo/server/rules.ts';
import { serveWorkspace, type ServedWorkspace } from '../../../src/demo/server/server.ts';
import type { Workspace } from '../../../src/demo/workspace/workspace.ts';
import { type Disk, nodeDisk } from '../../../src/system/disk.ts';
import { thisOperator } from '../../../src/system/operator.ts';
import type { Job } from '../../../src/job/job.ts';
import { runJob } from '../../../src/pipeline.ts';
import type { Environment, RunOptions } from '../../../src/environment.ts';
import { archiveContents, type ArchiveContents } from '../archives/archive-contents.ts';
import { leapingClock } from '../clocks/leaping-clock.ts';
import { askedAgain, journaledStreams, type JournaledStream } from '../archives/journaled-pages.ts';
import { fullJob, newProcess } from './new-process.ts';
import { withArchive } from '../disk/temporary-folder.ts';
import { threeRooms } from '../workspaces/three-rooms.ts';

/**
 * A served workspace that holds still, and the archive that unbroken runs make of it: whatever a run goes through, the
 * next one must end with the same.
 */
export class CrashLab {
  readonly server: ServedWorkspace;
  readonly workspace: Workspace;
  readonly #fields: Partial<Job>;
  readonly #startMs: number | undefined;
  /** By the number of its runs, what an archive holds that was never cut. */
  readonly #unbroken = new Map<number, ArchiveContents>();
  /** Every archive begins as a copy of this folder; undefined: empty. */
  #past: string | undefined;

  private constructor(server: ServedWorkspace, workspace: Workspace, fields: Partial<Job>, startMs?: number) {
    this.#startMs = startMs;
    this.server = server;
    this.workspace = workspace;
    this.#fields = fields;
  }

  /** @param startMs when unbroken runs begin: today, where real processes go on with them */
  static async open(
    sizes: readonly [number, number, number],
    fields: Partial<Job> = {},
    rules: Partial<Rules> = {},
    startMs?: number,
  ): Promise<CrashLab> {
    const workspace = threeRooms(sizes);
    return new CrashLab(await serveWorkspace(workspace, { cap: 7, ...rules }), workspace, fields, startMs);
  }

  async close(): Promise<void> {
    await this.server.close();
    if (this.#past !== undefined) await rm(this.#past, { recursive: true });
  }

  /** Runs once: from now on every archive has that run behind it. */
  async runForThePast(): Promise<void> {
    const past = await mkdtemp(join(tmpdir(), 'rocketchat-export-past-'));
    await runJob(this.job(past), this.#process());
    this.#past = past;
    this.#unbroken.clear();
  }

  /** Gives `use` an archive of its own. */
  async withArchive<T>(use: (archive: string) => Promise<T>): Promise<T> {
    return withArchive(async (archive) => {
      if (this.#past !== undefined) await cp(this.#past, archive, { recursive: true });
      return use(archive);
    });
  }

  #process(fields: RunOptions = {}): Environment {
    // Real processes write into manifests who runs them, and where.
    const operator = this.#startMs === undefined ? {} : { operator: thisOperator() };
    return newProcess({ clock: leapingClock(this.#startMs), ...operator, ...fields });
  }

  job(archive: string): Job {
    return fullJob(this.server.url, archive, this.#fields);
  }

  /** What an archive of so many runs holds when none was cut. */
  async unbroken(runs: number): Promise<ArchiveContents> {
    await this.withArchive(async (archive) => {
      while (!this.#unbroken.has(runs)) {
        await runJob(this.job(archive), this.#process());
        const contents = await archiveContents(nodeDisk, archive);
        this.#unbroken.set(contents.manifests.length, contents);
      }
    });
    const contents = this.#unbroken.get(runs);
    if (contents === undefined) throw new Error(`An archive of ${runs} runs cannot be made`);
    return contents;
  }

  /** Requests since the log was `from` long. */
  requestsSince(from: number): readonly RequestRecord[] {
    return this.server.requests.slice(from);
  }

  /** Fails unless the archive is what unbroken runs leave: the same bytes, nothing left behind, and it verifies. */
  async expectUnbroken(disk: Disk, archive: string): Promise<void> {
    const contents = await archiveContents(disk, archive);
    expect(contents).toEqual(await this.unbroken(contents.manifests.length));
    expect(await verifyArchive(archive, { disk })).toMatchObject({ differences: [], notes: [] });
  }

  /**
   * Goes on with a run that was cut, and fails unless that ends like an unbroken one and asks for no page twice.
   *
   * @returns what was in the journals before
   */
  async expectResumes(disk: Disk, archive: string, fields: Partial<Job> = {}): Promise<readonly JournaledStream[]> {
    const journaled = await journaledStreams(disk, archive);
    const asked = this.server.requests.length;
    await runJob({ ...this.job(archive), ...fields }, this.#process({ disk }));
    expect(askedAgain(journaled, this.requestsSince(asked))).toEqual([]);
    await this.expectUnbroken(disk, archive);
    return journaled;
  }
}
