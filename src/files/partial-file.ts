import { createHash, type Hash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { JsonShapeError, parseJson, parseShape } from '../archive/json-shape.ts';
import { archivePaths } from '../archive/paths.ts';
import { replaceFile, type Disk, type DiskFile } from '../system/disk.ts';

/** What tells two contents of one address apart: as the server gave them with the first byte. null: it did not. */
export interface Validators {
  readonly etag: string | null;
  readonly lastModified: string | null;
  readonly totalBytes: number | null;
}

/** Of smaller files a killed process may lose what came: a note of each would cost more than asking again. */
const notedBytes = 1 << 20;

/**
 * A file that is coming, hashed as it is written. What came survives a cut of the connection; of a large one with
 * validators also the end of the process.
 */
export class PartialFile {
  readonly #disk: Disk;
  readonly #path: string;
  #hash: Hash = createHash('sha256');
  #file: DiskFile | undefined;
  /** null: what came cannot be continued. */
  validators: Validators | null = null;
  sizeBytes = 0;

  private constructor(disk: Disk, path: string) {
    this.#disk = disk;
    this.#path = path;
  }

  /** With what an earlier attempt left. @param folder of the file */
  static async open(disk: Disk, archive: string, folder: string): Promise<PartialFile> {
    const path = join(archive, archivePaths.partialAttachments, folder);
    const partial = new PartialFile(disk, path);
    const note = await disk.readFile(partial.#notePath);
    if (note === undefined) return partial;
    const validators = parseNote(note);
    if (validators === undefined || (await disk.sizeBytes(path)) === undefined) return partial;
    for await (const chunk of disk.readChunks(path)) {
      partial.#hash.update(chunk);
      partial.sizeBytes += chunk.length;
    }
    partial.validators = validators;
    return partial;
  }

  get #notePath(): string {
    return `${this.#path}.json`;
  }

  /** Throws away what came, and begins anew. */
  async begin(validators: Validators): Promise<void> {
    await this.close();
    await this.#disk.makeFolder(dirname(this.#path));
    await this.#disk.remove(this.#notePath);
    this.#hash = createHash('sha256');
    this.sizeBytes = 0;
    this.#file = await this.#disk.open(this.#path, 'truncate');
    this.validators = validators.etag === null && validators.lastModified === null ? null : validators;
    if (this.validators === null || (validators.totalBytes ?? 0) < notedBytes) return;
    await replaceFile(this.#disk, this.#notePath, JSON.stringify(validators));
  }

  /** Nothing of what came can be continued. */
  forget(): void {
    this.validators = null;
  }

  async write(chunk: Uint8Array): Promise<void> {
    this.#file ??= await this.#disk.open(this.#path, 'append');
    await this.#file.write(chunk);
    this.#hash.update(chunk);
    this.sizeBytes += chunk.length;
  }

  /** Puts it, whole and flushed, where it waits for the run to be published. @returns SHA-256 in hex */
  async finish(to: string): Promise<string> {
    this.#file ??= await this.#disk.open(this.#path, 'append');
    await this.#file.sync();
    await this.close();
    await this.#disk.makeFolder(dirname(to));
    await this.#disk.rename(this.#path, to);
    await this.#disk.remove(this.#notePath);
    return this.#hash.digest('hex');
  }

  async discard(): Promise<void> {
    await this.close();
    await this.#disk.remove(this.#path);
    await this.#disk.remove(this.#notePath);
  }

  async close(): Promise<void> {
    await this.#file?.close();
    this.#file = undefined;
  }
}

const noteSchema = z.object({
  etag: z.string().nullable(),
  lastModified: z.string().nullable(),
  totalBytes: z.number().nullable(),
}) satisfies z.ZodType<Validators>;

/** undefined: it is none of ours, and the file is asked for from its beginning. */
function parseNote(bytes: Buffer): Validators | undefined {
  try {
    return parseShape(noteSchema, parseJson(bytes));
  } catch (error) {
    if (error instanceof JsonShapeError) return undefined;
    throw error;
  }
}
