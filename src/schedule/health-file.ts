import { replaceFile, type Disk } from '../system/disk.ts';
import type { HealthReport } from './schedule-status.ts';

/** Keeps a file that says where the schedule stands: a reader sees the old report or the new one, never a part. */
export class HealthFile {
  readonly #disk: Disk;
  readonly #path: string;
  #writing: Promise<void> = Promise.resolve();

  /** @param path absolute; its folder must be there */
  constructor(disk: Disk, path: string) {
    this.#disk = disk;
    this.#path = path;
  }

  /** Reports are written in the order given. @throws OutputError */
  write(report: HealthReport): Promise<void> {
    const writing = this.#writing.then(() =>
      replaceFile(this.#disk, this.#path, `${JSON.stringify(report, null, 2)}\n`),
    );
    // One that fails must not keep the next from being written.
    this.#writing = writing.catch(() => undefined);
    return writing;
  }

  /** Resolves when all that was to be written is. */
  async settled(): Promise<void> {
    await this.#writing;
  }
}
