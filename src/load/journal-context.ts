import type { Row } from '../model/column.ts';
import type { FlatMessage } from '../model/flat-message.ts';
import type { StartedDiscussion } from '../model/room.ts';
import type { MessageTableName, TableName } from '../model/table-name.ts';
import type { Disk } from '../system/disk.ts';
import type { SharedTail } from '../journal/shared/shared-tail.ts';
import type { JournalFeed } from '../journal/journal-feed.ts';
import type { RunPlan } from '../plan/run-plan.ts';
import type { StepChain } from '../transforms/steps/step-chain.ts';
import type { ExportedVersions } from './exported-versions.ts';
import type { MetPeople } from './met-people.ts';
import type { MessageRows } from '../parts/message-rows.ts';

/** What a journal is loaded with, apart from the rows that the archive holds already. */
export interface JournalContext {
  readonly disk: Disk;
  readonly archive: string;
  readonly runPlan: RunPlan;
  readonly feed: JournalFeed;
  readonly sharedJournal: SharedTail;
  readonly steps: StepChain;
  readonly rows: MessageRows;
  readonly badFields: Map<string, number>;
  /** Paths of files of the archive that are not what their manifests say, and whose rows were read from another format. */
  readonly damaged: Set<string>;
  /** See LoadResult. */
  readonly seen: { encryptedMessages: number; files: number; discussions: Record<string, StartedDiscussion> };
  readonly versions: ExportedVersions;
  readonly met: MetPeople;
  /** Those the job makes. */
  readonly tables: ReadonlySet<TableName>;
  /** The rows that a message has in a table. */
  readonly rowsOf: (table: MessageTableName, message: FlatMessage) => readonly Row[];
}
