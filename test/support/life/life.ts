import type { Manifest } from '../../../src/archive/manifest/manifest.ts';
import type { Exchange } from '../../../src/demo/server/exchange.ts';
import { createPrng } from '../../../src/demo/sample/prng.ts';
import { sampleLogin } from '../../../src/demo/sample/sample-login.ts';
import type { ServedWorkspace } from '../../../src/demo/server/server.ts';
import type { Disk } from '../../../src/system/disk.ts';
import type { Job } from '../../../src/job/job.ts';
import { tableNames } from '../../../src/model/table-name.ts';
import { runJob } from '../../../src/pipeline.ts';
import { faultDisk } from '../disk/fault-disk.ts';
import { MemoryDisk } from '../disk/memory-disk.ts';
import { fullJob, newProcess } from '../runs/new-process.ts';
import { join } from 'node:path';
import { archivePaths, manifestPath } from '../../../src/archive/paths.ts';
import type { State } from '../../../src/archive/state/state.ts';
import { ArchiveRows } from './truth/archive-rows.ts';
import { acts, isAct, type Happening } from './acts/calendar.ts';
import { compactAtNight } from './compact-at-night.ts';
import { openFirstRooms } from './acts/first-rooms.ts';
import { idleProblems } from './idle-night.ts';
import { isKept, type LifeSetup } from './life-setup.ts';
import { FollowingTarget } from './truth/following-target.ts';
import { latestProblems } from './truth/latest-problems.ts';
import { Ledger } from './truth/ledger.ts';
import { dayMs, type LifeWorld } from './life-world.ts';
import { Night } from './night.ts';
import { Oracle, type NightFacts } from './truth/oracle.ts';
import { listedRoom, type RoomList } from './truth/room-list.ts';

const archive = '/archive';

/**
 * For how many nights a run may still ask for what the run before has put off: a room of another length than was counted is
 * compared with the archive by the next run, and its changes are asked for by the one after that.
 */
const mostPutOff = 2;

/** Every room of every kind, into every table. */
const jobFields: Partial<Job> = {
  extract: [
    { endpoint: 'groups.messages', rooms: ['*'] },
    { endpoint: 'channels.messages', rooms: ['*'] },
    { endpoint: 'im.messages', rooms: ['*'] },
    { endpoint: 'chat.getMentionedMessages', rooms: ['*'] },
  ],
};

/** An archive of a workspace that lives. */
export class Life {
  readonly log: string[] = [];
  readonly #world: LifeWorld;
  readonly #job: Job;
  readonly #rules: ServedWorkspace['rules'];
  readonly #setup: LifeSetup;
  readonly #ledger = new Ledger();
  readonly #disk = new MemoryDisk();
  readonly #rows: ArchiveRows;
  readonly #target = new FollowingTarget();
  readonly #oracle: Oracle;
  /** What the run that is not published yet was told of the rooms, and the one before that, if it was cut. */
  #list: RoomList | undefined;
  #cutList: RoomList | undefined;
  /** Number of the last run that was judged. */
  #judged = 0;
  #night: Night | undefined;
  /** Since the last run that was published. */
  readonly #nights: Night[] = [];
  #day = 0;
  /** Endpoints of the requests of the run. */
  readonly #asked: string[] = [];
  /** Rooms that had no message at some time since the list was asked for. */
  readonly #emptied = new Set<string>();
  /** Nights in a row on which the list showed nothing to ask for. */
  #idleNights = 0;
  /** Whether some room was to be compared in the last run: this one asks for what came meanwhile. */
  #wasToCompare = false;

  constructor(world: LifeWorld, { url, rules }: ServedWorkspace, setup: LifeSetup) {
    const { formats, partition, steps } = setup;
    this.#world = world;
    this.#job = fullJob(url, archive, {
      ...jobFields,
      transform: { tables: tableNames, steps },
      sinks: formats.map((format) => ({ format })),
      partition,
    });
    this.#rules = rules;
    this.#setup = setup;
    this.#rows = new ArchiveRows(this.#disk, archive, tableNames, formats[0]);
    this.#oracle = new Oracle(this.#ledger, this.#rows, (document) => isKept(setup, document));
  }

  intercept(exchange: Exchange): boolean {
    this.#asked.push(exchange.endpoint);
    const isTaken = this.#night?.intercept(exchange) ?? false;
    // A run that goes on after a cut does not ask for the list again.
    if (exchange.endpoint === 'rooms.get') {
      this.#cutList = this.#list;
      this.#list = this.#listNow();
      this.#emptied.clear();
    }
    return isTaken;
  }

  /** @returns what is wrong at its end */
  async day(happenings: readonly Happening[], isLookedInto: boolean): Promise<readonly string[]> {
    const endMs = this.#world.trueMs + dayMs;
    if (this.#day === 0) {
      openFirstRooms(this.#world);
      this.#note('the beginning');
    }
    for (const { what, seed } of happenings) {
      if (!isAct(what)) continue;
      const prng = createPrng(seed);
      this.#world.trueMs += prng.integer(1, 1_500_000);
      acts[what](this.#world, prng);
      this.#note(what);
    }
    this.#world.trueMs = Math.max(endMs, this.#world.trueMs);
    this.#world.backUp();
    const nightly = happenings.filter(({ what }) => !isAct(what));
    this.log.push(
      `day ${this.#day} ends; at night: ${nightly.map(({ what }) => what).join(', ') || 'an ordinary run'}`,
    );
    this.#day += 1;
    const problems = await this.#sleepOver(new Night(this.#world, nightly, (what) => this.#note(what)));
    return isLookedInto ? [...problems, ...(await this.#lookInto())] : problems;
  }

  async #lookInto(): Promise<readonly string[]> {
    const problems = [...(await latestProblems(this.#disk, archive, this.#rows))];
    problems.push(...(await this.#target.problems(this.#disk, archive)));
    for (const format of this.#setup.formats.slice(1)) problems.push(...(await this.#rows.differencesTo(format)));
    return problems;
  }

  /** More runs while nobody does anything: they write nothing. */
  async rest(): Promise<readonly string[]> {
    const problems: string[] = [];
    for (let left = mostPutOff + 2; left > 0; left -= 1)
      problems.push(...(await this.#sleepOver(new Night(this.#world, [], () => undefined))));
    return problems;
  }

  async #sleepOver(night: Night): Promise<readonly string[]> {
    if (night.prng('skip') !== undefined) return [];
    night.settle(this.#rules);
    this.#nights.push(night);
    const cut = night.prng('cut');
    if (cut !== undefined) {
      const { disk } = faultDisk(this.#disk, 'dies-within', cut.integer(1, 120));
      await this.#run(night, disk).catch(() => undefined);
      // Whoever goes on with it may find another day's workspace.
      if (cut.chance(0.3)) return [];
    }
    let manifest: Manifest;
    const isToCompare = await this.#isToCompare();
    this.#asked.length = 0;
    try {
      manifest = await this.#run(night, this.#disk);
    } catch (error) {
      return [`the run fails: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`];
    } finally {
      this.#night = undefined;
    }
    const list = this.#list ?? this.#listNow();
    this.#list = undefined;
    const problems = [...(await this.#rows.readOn(manifest.run))];
    await this.#rememberCut(manifest.run);
    const isSettled = !isToCompare && !this.#wasToCompare;
    this.#wasToCompare = isToCompare;
    const isIdle = isSettled && this.#nights.length === 1 && night.isOrdinary && this.#oracle.isIdle(list);
    if (isIdle && this.#idleNights >= mostPutOff) problems.push(...(await this.#judgeIdleness(manifest.run)));
    this.#idleNights = isIdle ? this.#idleNights + 1 : 0;
    problems.push(...this.#oracle.judge(manifest, { list, ...this.#faults(list) }));
    this.#nights.length = 0;
    this.log.push(...manifest.gaps.map(({ room, reason }) => `  gap ${reason} in ${room.id}`));
    const compaction = night.prng('compact');
    if (compaction !== undefined) {
      await compactAtNight(archive, { disk: this.#disk, clock: this.#world.clientClock() }, compaction);
    }
    return problems;
  }

  /** A run that was cut when it had been committed is published by the next one: what that one read it does not read again. */
  async #rememberCut(run: number): Promise<void> {
    for (let link = this.#judged + 1; link < run; link += 1) {
      const text = (await this.#disk.readFile(join(archive, manifestPath(link))))?.toString() ?? '{}';
      const { gaps, kind } = JSON.parse(text) as Partial<Manifest>;
      if (kind === 'export' && gaps !== undefined && this.#cutList !== undefined)
        this.#oracle.pass({ gaps }, { list: this.#cutList, withoutChanges: this.#withoutChanges() });
    }
    this.#judged = run;
    this.#cutList = undefined;
  }

  /** Whether a room is to be compared, at once or a `lookback` after the last time: its list is not as long as it should be. */
  async #isToCompare(): Promise<boolean> {
    const text = await this.#disk.readFile(join(archive, archivePaths.state));
    const { lists = {} } = JSON.parse(text?.toString() ?? '{}') as Partial<State>;
    return Object.values(lists).some(({ counted }) => counted?.differs === true);
  }

  #judgeIdleness(run: number): Promise<readonly string[]> {
    return idleProblems(this.#disk, archive, { run, asked: this.#asked, rows: this.#rows.lastRead });
  }

  async #run(night: Night, disk: Disk): Promise<Manifest> {
    this.#night = night;
    const everyRoom = night.prng('everyRoom') !== undefined;
    return runJob(this.#job, newProcess({ clock: this.#world.clientClock(), disk, everyRoom }));
  }

  /** What was done to the run; one that was cut finds rooms changed of which it made up its mind a day ago. */
  #faults({ rooms }: RoomList): Pick<NightFacts, 'unreadable' | 'withoutChanges'> {
    const now = new Map(this.#world.rooms.map((room) => [room.id, room]));
    const changed = [...rooms.values()].filter(({ id, type, archived, messageCount }) => {
      const room = now.get(id);
      // Emptied since the list counted its messages, it gives none of them: what was said afterwards may come too late.
      const isEmptied = messageCount > 0 && this.#emptied.has(id);
      return room?.type !== type || room.archived !== archived || isEmptied;
    });
    return {
      unreadable: new Set([
        ...this.#nights.flatMap(({ unreadable }) => [...unreadable]),
        ...changed.map(({ id }) => id),
      ]),
      withoutChanges: this.#withoutChanges(),
    };
  }

  #withoutChanges(): ReadonlySet<string> {
    return new Set(this.#nights.flatMap(({ withoutChanges }) => [...withoutChanges]));
  }

  #note(what: string): void {
    this.#ledger.note(this.#world.workspace, what);
    for (const { id, lastMessage } of this.#world.rooms) if (lastMessage === undefined) this.#emptied.add(id);
    this.log.push(`  ${this.#ledger.now} ${what} ${new Date(this.#world.serverMs()).toISOString()}`);
  }

  #listNow(): RoomList {
    const { rooms, trueMs, clientAheadMs, workspace } = this.#world;
    const withheld = workspace.rooms.filter((room) => room.withheld.has(sampleLogin.userId));
    return {
      act: this.#ledger.now,
      clientMs: trueMs + clientAheadMs,
      isEveryRoom: this.#night?.prng('everyRoom') !== undefined,
      rooms: new Map(rooms.map((room) => [room.id, listedRoom(room, sampleLogin.user)])),
      withheld: new Set(withheld.map(({ id }) => id)),
    };
  }
}
