import { join } from 'node:path';
import { readJournal, type JournalContents } from '../../journal/journal-contents.ts';
import { replaceFile, type Disk } from '../../system/disk.ts';
import { parseSpoolOrder, spoolOrderText, type SpoolOrder } from './spool-order.ts';
import { copyWholeFrames } from './whole-frames.ts';

const orderName = 'order.json';
const partsName = 'parts';
const wholeName = 'whole';

/** A journal that somebody has begun, or closed without having handed it in. */
interface Part {
  readonly path: string;
  readonly contents: JournalContents;
}

/**
 * The folder of one run in a spool: `order.json`; `parts/`, where each attempt at a list writes a journal of its own; and
 * `whole/`, where the first attempt that came to the end of its list has its journal. Attempts never share a file: one
 * that was taken for lost may only have been stopped for a while, and writes on when it wakes.
 */
export class SpooledRun {
  readonly #disk: Disk;
  readonly #folder: string;

  /** @param key names the run: the same one when it is resumed, another one whenever it has another plan */
  constructor(disk: Disk, spoolFolder: string, key: string) {
    this.#disk = disk;
    this.#folder = join(spoolFolder, key);
  }

  /** For the run alone: a worker that made it anew would fill journals that nobody takes any more. */
  async create(order: SpoolOrder): Promise<void> {
    for (const name of [partsName, wholeName]) await this.#disk.makeFolder(join(this.#folder, name));
    if ((await this.#disk.sizeBytes(this.#orderPath)) !== undefined) return;
    await replaceFile(this.#disk, this.#orderPath, spoolOrderText(order));
  }

  /** undefined: the run has taken what there was, or has never been in this spool. @throws OutputError when it is damaged */
  async order(): Promise<SpoolOrder | undefined> {
    const text = await this.#disk.readFile(this.#orderPath);
    return text === undefined ? undefined : parseSpoolOrder(this.#orderPath, text);
  }

  /** Whether the run still waits for journals. */
  async isOpen(): Promise<boolean> {
    return (await this.#disk.sizeBytes(this.#orderPath)) !== undefined;
  }

  async wholeJournals(): Promise<ReadonlySet<string>> {
    return new Set(await this.#disk.list(join(this.#folder, wholeName)));
  }

  async hasWhole(journal: string): Promise<boolean> {
    return (await this.#disk.sizeBytes(this.#wholePath(journal))) !== undefined;
  }

  /**
   * Begins an attempt at a list behind the last page of the one that came furthest.
   *
   * @param attempt names it, as nothing names another
   * @returns the path of its journal
   */
  async beginPart(journal: string, attempt: string): Promise<string> {
    const path = this.#partPath(journal, attempt);
    const furthest = await this.#furthestPart(journal);
    if (furthest !== undefined) await copyWholeFrames(this.#disk, furthest.path, path, furthest.contents.sizeBytes);
    return path;
  }

  /** Lays what a run has read by itself where the workers look for it. */
  async addPart(journal: string, from: string, sizeBytes: number): Promise<void> {
    await copyWholeFrames(this.#disk, from, this.#partPath(journal, 'run'), sizeBytes);
  }

  /**
   * Hands in a closed journal. The first one wins, whoever else is at work on the list.
   *
   * @returns whether it is this one
   */
  async handIn(journal: string, path: string): Promise<boolean> {
    const isFirst = await this.#disk.link(path, this.#wholePath(journal));
    await this.#disk.syncFolder(join(this.#folder, wholeName));
    for (const part of await this.#partsOf(journal)) await this.#disk.remove(part);
    return isFirst;
  }

  /**
   * Copies to `to` what there is of a list: the whole journal or, if parts count, the one that came furthest. What is there
   * is proved by reading it.
   *
   * @param options `leastBytes`: what `to` holds already: less is not copied
   * @returns what `to` holds now; undefined: nothing was copied
   */
  async copyTo(
    journal: string,
    to: string,
    { takesPart, leastBytes }: { readonly takesPart: boolean; readonly leastBytes: number },
  ): Promise<JournalContents | undefined> {
    const path = this.#wholePath(journal);
    const whole = await this.#proved(path);
    const found = whole ?? (takesPart ? await this.#furthestPart(journal) : undefined);
    if (found === undefined || found.contents.sizeBytes <= leastBytes) return undefined;
    await copyWholeFrames(this.#disk, found.path, to, found.contents.sizeBytes);
    return found.contents;
  }

  /** Removes all of it. What attempts still write goes nowhere. */
  async remove(): Promise<void> {
    const gone = `${this.#folder}.over`;
    if ((await this.#disk.list(this.#folder)) !== undefined) await this.#disk.rename(this.#folder, gone);
    await this.#disk.remove(gone);
  }

  async #proved(path: string): Promise<Part | undefined> {
    const sizeBytes = await this.#disk.sizeBytes(path);
    if (sizeBytes === undefined) return undefined;
    const contents = await readJournal(this.#disk, path);
    return contents.closing !== null && contents.sizeBytes === sizeBytes ? { path, contents } : undefined;
  }

  async #furthestPart(journal: string): Promise<Part | undefined> {
    let furthest: Part | undefined;
    for (const path of await this.#partsOf(journal)) {
      const contents = await readJournal(this.#disk, path);
      if (contents.sizeBytes > (furthest?.contents.sizeBytes ?? 0)) furthest = { path, contents };
    }
    return furthest;
  }

  async #partsOf(journal: string): Promise<readonly string[]> {
    const folder = join(this.#folder, partsName);
    const names = (await this.#disk.list(folder)) ?? [];
    return names
      .filter((name) => name.startsWith(`${journal}.`) && !name.endsWith('.tmp'))
      .map((name) => join(folder, name));
  }

  #partPath(journal: string, attempt: string): string {
    return join(this.#folder, partsName, `${journal}.${attempt}`);
  }

  #wholePath(journal: string): string {
    return join(this.#folder, wholeName, journal);
  }

  get #orderPath(): string {
    return join(this.#folder, orderName);
  }
}
