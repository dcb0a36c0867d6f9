import { join } from 'node:path';
import { replaceFile, type Disk } from '../system/disk.ts';
import { readSharedJournal, SharedJournal, sharedJournalName, type SharedEntry } from './shared/shared-journal.ts';
import { StreamJournal } from './stream-journal.ts';
import { nothingJournaled, type JournalContents } from './journal-contents.ts';

interface JournalFolderOptions {
  readonly nowMs: () => number;
  /** Whether the journals stay in the archive: then each list has one of its own. */
  readonly areKept: boolean;
}

/** Where the journals of lists are opened, each by its name. */
export interface OpenJournals {
  /**
   * Opens the journal of a list, or makes it with its first frame.
   *
   * @param mayShare whether whoever reads it knows of the shared journal
   */
  journal(
    name: string,
    mayShare: boolean,
  ): Promise<{ readonly journal: StreamJournal; readonly contents: JournalContents }>;
  /** Where its file is, unless it lies in the shared journal. */
  path(name: string): string;
}

/**
 * The journals of the lists of a run. What a cut run left is looked up once: of most lists it left nothing, and to look for
 * each file takes longer than to write a small one.
 */
export class JournalFolder implements OpenJournals {
  readonly #disk: Disk;
  readonly #folder: string;
  readonly #nowMs: () => number;
  /** Names of the files. */
  readonly #files: ReadonlySet<string>;
  readonly #entries: ReadonlyMap<string, SharedEntry>;
  readonly #shared: SharedJournal | undefined;

  private constructor(
    disk: Disk,
    folder: string,
    { nowMs, areKept }: JournalFolderOptions,
    found: { readonly files: readonly string[]; readonly entries: ReadonlyMap<string, SharedEntry>; sizeBytes: number },
  ) {
    this.#disk = disk;
    this.#folder = folder;
    this.#nowMs = nowMs;
    this.#files = new Set(found.files);
    this.#entries = found.entries;
    this.#shared = areKept ? undefined : new SharedJournal(disk, folder, found.sizeBytes, nowMs);
  }

  /** @throws OutputError when the disk refuses */
  static async open(disk: Disk, folder: string, options: JournalFolderOptions): Promise<JournalFolder> {
    const files = (await disk.list(folder)) ?? [];
    const path = join(folder, sharedJournalName);
    const isShared = files.includes(sharedJournalName);
    const { entries, sizeBytes } = isShared ? await readSharedJournal(disk, folder) : nothingShared;
    if (isShared && options.areKept) {
      // The run was begun by a job that kept none.
      for (const [name, { bytes }] of entries) await replaceFile(disk, join(folder, name), bytes);
      await disk.remove(path);
      return new JournalFolder(disk, folder, options, { ...nothingShared, files: [...files, ...entries.keys()] });
    }
    if (isShared && ((await disk.sizeBytes(path)) ?? 0) > sizeBytes) await disk.truncate(path, sizeBytes);
    return new JournalFolder(disk, folder, options, { files, entries, sizeBytes });
  }

  async journal(
    name: string,
    mayShare: boolean,
  ): Promise<{ readonly journal: StreamJournal; readonly contents: JournalContents }> {
    const entry = this.#entries.get(name);
    const path = this.path(name);
    if (entry !== undefined) {
      return { journal: StreamJournal.found(this.#disk, path, this.#nowMs, entry), contents: entry.contents };
    }
    if (this.#files.has(name)) return StreamJournal.open(this.#disk, path, this.#nowMs);
    const shared = mayShare ? this.#shared : undefined;
    const add = shared && ((bytes: Uint8Array) => shared.add(name, bytes));
    return { journal: StreamJournal.create(this.#disk, path, this.#nowMs, add), contents: nothingJournaled };
  }

  path(name: string): string {
    return join(this.#folder, name);
  }

  async close(): Promise<void> {
    await this.#shared?.close();
  }
}

const nothingShared = { entries: new Map<string, SharedEntry>(), sizeBytes: 0 };
