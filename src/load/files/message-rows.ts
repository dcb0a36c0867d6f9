import type { Partition } from '../../job/job.ts';
import type { FlatMessage } from '../../model/flat-message.ts';
import type { MessageTableName } from '../../model/table-name.ts';
import type { PartitionFolders } from './partition-folders.ts';
import { partitionOf } from './partition-of.ts';
import type { Place } from './table-output.ts';

/** Messages that go through the tables and sinks at once: large enough to be fast, small enough to die young in memory. */
const batchMessages = 200;

/** Writes a batch of one partition to a table. */
export type WriteBatch = (table: MessageTableName, batch: readonly FlatMessage[], place: Place) => Promise<void>;

/** Collects messages for the tables they have rows in, and hands them on in batches. */
export class MessageRows {
  readonly #partitionBy: Partition;
  readonly #folders: PartitionFolders;
  readonly #write: WriteBatch;
  readonly #batches = new Map<MessageTableName, FlatMessage[]>();
  #partition: string | undefined;
  #mayReplace = false;
  #messages = 0;

  constructor(partitionBy: Partition, folders: PartitionFolders, write: WriteBatch) {
    this.#partitionBy = partitionBy;
    this.#folders = folders;
    this.#write = write;
  }

  /** @param mayReplace whether earlier runs may have written rows of the same message */
  async add(message: FlatMessage, tables: readonly MessageTableName[], mayReplace: boolean): Promise<void> {
    const name = partitionOf(this.#partitionBy, message);
    const partition = name === undefined ? undefined : this.#folders.nameFor(name);
    if (partition !== this.#partition || mayReplace !== this.#mayReplace) await this.flush();
    this.#partition = partition;
    this.#mayReplace = mayReplace;
    for (const table of tables) {
      const batch = this.#batches.get(table);
      if (batch === undefined) this.#batches.set(table, [message]);
      else batch.push(message);
    }
    this.#messages += 1;
    if (this.#messages === batchMessages) await this.flush();
  }

  async flush(): Promise<void> {
    const place = { partition: this.#partition, mayReplace: this.#mayReplace };
    for (const [table, batch] of this.#batches) await this.#write(table, batch, place);
    this.#batches.clear();
    this.#messages = 0;
  }
}
