import { dirname, join } from 'node:path';
import { sha256 } from '../../archive/hash-file.ts';
import type { Disk } from '../../system/disk.ts';
import type { FileKeeper } from './file-keeper.ts';
import { askedOf, pageKey, type PageSource } from './page-key.ts';
import type { PageContext } from '../message/page-context.ts';

/** The folder that a transcript is written to, file by file. */
export class TranscriptFolder {
  readonly #disk: Disk;
  readonly #folder: string;
  readonly #made = new Set<string>();
  /** Absent: everything is written, and nothing noted. */
  readonly keeper: FileKeeper | undefined;
  files = 0;
  bytes = 0;

  /** @param keeper of a transcript that takes over what is the same in the one before: that is not written */
  constructor(disk: Disk, folder: string, keeper?: FileKeeper) {
    this.#disk = disk;
    this.#folder = folder;
    this.keeper = keeper;
  }

  /** @param path relative, with `/` between the parts */
  write(path: string, text: string): Promise<void> {
    return this.#writeBytes(path, Buffer.from(text));
  }

  async #writeBytes(path: string, bytes: Buffer): Promise<void> {
    const hash = this.keeper === undefined ? '' : sha256(bytes);
    if (this.keeper?.keepsText(path, hash) === true) return;
    await this.writeChunks(path, [bytes]);
    this.keeper?.note({ path, sizeBytes: bytes.length, sha256: hash });
  }

  /** @param make its bytes; it is called where the page is not there, or of something else */
  async writePage(source: PageSource, make: (context: PageContext) => Buffer): Promise<void> {
    const { path, context } = source;
    if (this.keeper === undefined) return this.#writeBytes(path, make(context));
    const key = pageKey(source);
    if (this.keeper.keepsPage(source, key)) return;
    const { made, asked } = askedOf(source, make);
    await this.writeChunks(path, [made]);
    this.keeper.note({ path, sizeBytes: made.length, sha256: sha256(made), page: { key, asked } });
  }

  async writeChunks(path: string, chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<void> {
    const absolute = join(this.#folder, path);
    const parent = dirname(absolute);
    if (!this.#made.has(parent)) {
      await this.#disk.makeFolder(parent);
      this.#made.add(parent);
    }
    const file = await this.#disk.open(absolute, 'truncate');
    try {
      for await (const chunk of chunks) {
        await file.write(chunk);
        this.bytes += chunk.length;
      }
    } finally {
      await file.close();
    }
    this.files += 1;
  }
}
