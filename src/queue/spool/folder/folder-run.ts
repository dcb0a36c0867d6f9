import { join } from 'node:path';
import { readJournal, type JournalContents } from '../../../journal/journal-contents.ts';
import { replaceFile, type Disk } from '../../../system/disk.ts';
import type { SpooledRun } from '../spool.ts';
import { parseSpoolOrder, spoolOrderText, type SpoolOrder } from '../spool-order.ts';
import { copyWholeFrames } from '../whole-frames.ts';

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
export class FolderRun implements SpooledRun {
  readonly #disk: Disk;
  readonly #folder: string;

  constructor(disk: Disk, spoolFolder: string, key: string) {
    this.#disk = disk;
    this.#folder = join(spoolFolder, key);
  }

  async create(order: SpoolOrder): Promise<void> {
    for (const name of [partsName, wholeName]) await this.#disk.makeFolder(join(this.#folder, name));
    if ((await this.#disk.sizeBytes(this.#orderPath)) !== undefined) return;
    await replaceFile(this.#disk, this.#orderPath, spoolOrderText(order));
  }

  async order(): Promise<SpoolOrder | undefined> {
    const text = await this.#disk.readFile(this.#orderPath);
    return text === undefined ? undefined : parseSpoolOrder(this.#orderPath, text);
  }

  async isOpen(): Promise<boolean> {
    return (await this.#disk.sizeBytes(this.#orderPath)) !== undefined;
  }

  async wholeJournals(): Promise<ReadonlySet<string>> {
    return new Set(await this.#disk.list(join(this.#folder, wholeName)));
  }

  async hasWhole(journal: string): Promise<boolean> {
    return (await this.#disk.sizeBytes(this.#wholePath(journal))) !== undefined;
  }

  async beginPart(journal: string, attempt: string): Promise<string> {
    const path = this.#partPath(journal, attempt);
    const furthest = await this.#furthestPart(journal);
    if (furthest !== undefined) await copyWholeFrames(this.#disk, furthest.path, path, furthest.contents.sizeBytes);
    return path;
  }

  async addPart(journal: string, from: string, sizeBytes: number): Promise<void> {
    await copyWholeFrames(this.#disk, from, this.#partPath(journal, 'run'), sizeBytes);
  }

  async handIn(journal: string, path: string): Promise<boolean> {
    const isFirst = await this.#disk.link(path, this.#wholePath(journal));
    await this.#disk.syncFolder(join(this.#folder, wholeName));
    for (const part of await this.#partsOf(journal)) await this.#disk.remove(part);
    return isFirst;
  }

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
