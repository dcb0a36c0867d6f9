import { journalPath } from '../plan/journal-path.ts';
import type { RunPlan, RunStream } from '../plan/run-plan.ts';
import type { Disk } from '../system/disk.ts';
import { openLists, type OpenList } from './open-lists.ts';
import type { ReportedLists } from './reported-lists.ts';
import type { SpooledRun } from './spool/spool.ts';
import { listNumber } from './task-queue.ts';

/** The lists that a run has its workers read, and takes over from the spool: what it has then is in its own journals. */
export class TakenLists {
  readonly #disk: Disk;
  readonly #archive: string;
  readonly #spooled: SpooledRun;
  readonly #reported: ReportedLists;
  /** Those that have not been taken over, by number. */
  readonly left = new Map<string, OpenList>();

  constructor(disk: Disk, archive: string, spooled: SpooledRun, reported: ReportedLists) {
    this.#disk = disk;
    this.#archive = archive;
    this.#spooled = spooled;
    this.#reported = reported;
  }

  /** Finds what is left to read. What a cut attempt of the run itself has begun is laid where workers go on with it. */
  async find(runPlan: RunPlan): Promise<void> {
    for (const list of await openLists(this.#disk, this.#archive, runPlan)) {
      const { stream, sizeBytes } = list;
      this.left.set(listNumber(stream), list);
      if (sizeBytes > 0) await this.#spooled.addPart(stream.journal, journalPath(this.#archive, stream), sizeBytes);
    }
  }

  stream(number: string): RunStream | undefined {
    return this.left.get(number)?.stream;
  }

  /** Takes every journal that is whole. */
  async takeWhole(): Promise<void> {
    const whole = await this.#spooled.wholeJournals();
    for (const [number, { stream }] of this.left) if (whole.has(stream.journal)) await this.take(number);
  }

  /** Takes of each list that is left what there is: the run reads on behind it. */
  async takeParts(): Promise<void> {
    for (const number of this.left.keys()) await this.take(number, true);
  }

  /** @param takesPart also of a journal that is not whole */
  async take(number: string, takesPart = false): Promise<void> {
    const list = this.left.get(number);
    if (list === undefined) return;
    const { stream, sizeBytes: leastBytes } = list;
    const path = journalPath(this.#archive, stream);
    const contents = await this.#spooled.copyTo(stream.journal, path, { takesPart, leastBytes });
    if (contents === undefined || contents.closing === null) return;
    this.left.delete(number);
    this.#reported.read(stream, contents);
  }
}
