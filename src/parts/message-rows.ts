import type { Partition } from '../job/job.ts';
import type { FlatMessage } from '../model/flat-message.ts';
import type { MessageTableName } from '../model/table-name.ts';
import type { PartitionFolders } from './partition-folders.ts';
import { partitionOf } from './partition-of.ts';
import type { ShownFiles } from './shown-files.ts';
import type { Place } from './table-output.ts';

/** Messages that go through the tables and sinks at once: large enough to be fast, small enough to die young in memory. */
const batchMessages = 200;

/** Writes a batch of one partition to a table. */
type WriteBatch = (table: MessageTableName, batch: readonly FlatMessage[], place: Place) => Promise<void>;

/** Collects messages for the tables they have rows in, and hands them on in batches. */
export class MessageRows {
  readonly #partitionBy: Partition;
  readonly #folders: PartitionFolders;
  readonly #write: WriteBatch;
  readonly #shown: ShownFiles | undefined;
  #batches = new Map<MessageTableName, FlatMessage[]>();
  #partition: string | undefined;
  #mayReplace = false;
  #messages = 0;

  /** @param shown takes down the files of all messages that are added; undefined: nobody asks */
  constructor(partitionBy: Partition, folders: PartitionFolders, write: WriteBatch, shown?: ShownFiles) {
    this.#partitionBy = partitionBy;
    this.#folders = folders;
    this.#write = write;
    this.#shown = shown;
  }

  /**
   * @param mayReplace whether earlier runs may have written rows of the same message
   * @returns what to wait for before the next message; undefined: nothing, as for most
   */
  add(message: FlatMessage, tables: readonly MessageTableName[], mayReplace: boolean): Promise<void> | undefined {
    this.#shown?.note(message);
    const name = partitionOf(this.#partitionBy, message);
    const partition = name === undefined ? undefined : this.#folders.nameFor(name);
    const isElsewhere = partition !== this.#partition || mayReplace !== this.#mayReplace;
    const written = isElsewhere || this.#messages === batchMessages ? this.flush() : undefined;
    this.#partition = partition;
    this.#mayReplace = mayReplace;
    for (const table of tables) {
      const batch = this.#batches.get(table);
      if (batch === undefined) this.#batches.set(table, [message]);
      else batch.push(message);
    }
    this.#messages += 1;
    return written;
  }

  /** Writes all that was added so far, and nothing that is added meanwhile. */
  async flush(): Promise<void> {
    const place = { partition: this.#partition, mayReplace: this.#mayReplace };
    const batches = this.#batches;
    this.#batches = new Map();
    this.#messages = 0;
    for (const [table, batch] of batches) await this.#write(table, batch, place);
  }
}
