import { changeKey, type Change } from '../rocketchat/changes.ts';
import { isNewer } from '../extractors/page.ts';
import { isRecord, type RawMessage } from '../rocketchat/message.ts';
import type { FlatMessage, RowContext } from '../tables/flat-message.ts';
import type { MessageTableName } from '../tables/tables.ts';
import { flatten } from '../transforms/flatten.ts';
import { tombstone } from '../transforms/tombstone.ts';
import { acceptedBy, contextOf, elementTables, messageTable, type Load } from './load-stream.ts';
import type { PlannedChanges } from './open-run.ts';

type Updated = Extract<Change, { kind: 'updated' }>;

/**
 * Writes the changes of one room as rows: new versions and tombstones. What this run's walks brought is left out: one
 * row a message and run, so that the run tells which row is the newest. Where such a message has changed already, the
 * next run writes it.
 */
export class ChangeRows {
  /** Changes that became rows. */
  changes = 0;
  /** Whether there is a change that the next run has to write. */
  isDeferred = false;
  readonly #load: Load;
  readonly #roomId: string;
  readonly #sinceMs: number;
  readonly #context: RowContext;
  readonly #targets: readonly Target[];

  constructor(load: Load, { room, cursor, revised }: PlannedChanges) {
    const { openRun } = load;
    this.#load = load;
    this.#roomId = room.id;
    this.#sinceMs = cursor.watermark?.tsMs ?? 0;
    this.#context = contextOf(room, openRun);
    this.#targets = revised.map((stream) => ({
      table: messageTable(stream.endpoint),
      accepts:
        messageTable(stream.endpoint) === 'mentioned_messages' ? mentions(openRun.server.user) : acceptedBy(stream),
      isWalked: walkedBy(stream),
    }));
  }

  /** @param isStored whether the archive has this very version, or nobody can tell */
  async update(change: Updated, isStored: (flat: FlatMessage) => boolean = () => false): Promise<void> {
    const { steps, rows, badFields, versions } = this.#load;
    const { message } = change;
    const key = changeKey(change);
    const wanting = this.#targets.filter(({ accepts }) => !message.hidden && accepts(message.raw));
    const tables = wanting.filter(({ isWalked }) => !isWalked(message)).map(({ table }) => table);
    if (tables.length < wanting.length) {
      // The walk brings it; this version of it, if nothing has happened to it since.
      const isKnown = change.atMs <= this.#sinceMs || versions.has(this.#roomId, key);
      if (versions.hasWalked(this.#roomId, change.id) && !isKnown) this.isDeferred = true;
      if (tables.length === 0) return;
    }
    versions.changed(this.#roomId, key);
    if (tables.length === 0) return;
    const read = flatten(message, this.#context);
    for (const field of read.badFields) badFields.set(field, (badFields.get(field) ?? 0) + 1);
    const flat = steps.message(read);
    if (flat === null || isStored(flat)) return;
    this.changes += 1;
    await rows.add(flat, this.#made([...tables, ...elementTables]), true);
  }

  async remove(change: Pick<Change, 'id' | 'atMs'>): Promise<void> {
    const { steps, rows, versions } = this.#load;
    if (versions.hasWalked(this.#roomId, change.id)) {
      this.isDeferred = true;
      return;
    }
    versions.changed(this.#roomId, changeKey({ ...change, kind: 'deleted' }));
    const names = this.#made([...new Set(this.#targets.map(({ table }) => table))]);
    await rows.add(
      steps.tombstone(tombstone({ id: change.id, tsMs: null, deletedMs: change.atMs }, this.#context)),
      names,
      true,
    );
    this.changes += 1;
  }

  #made(names: readonly MessageTableName[]): readonly MessageTableName[] {
    return names.filter((name) => this.#load.tables.has(name));
  }
}

interface Target {
  readonly table: MessageTableName;
  readonly accepts: (raw: RawMessage) => boolean;
  readonly isWalked: (row: { readonly id: string; readonly tsMs: number }) => boolean;
}

/** A message that the stream's own walk brings, in this run or the next. */
export function walkedBy({
  cursor,
}: Pick<PlannedChanges['revised'][number], 'cursor'>): (row: {
  readonly id: string;
  readonly tsMs: number;
}) => boolean {
  const taken = new Set(cursor.deliveredIds);
  return (row) => isNewer(row, cursor.watermark) && !taken.has(row.id);
}

/** What chat.getMentionedMessages answers: mentions of the user by name. */
function mentions({ username }: { readonly username: string }): (raw: RawMessage) => boolean {
  return ({ mentions: list }) =>
    Array.isArray(list) && list.some((mention) => isRecord(mention) && mention['username'] === username);
}
