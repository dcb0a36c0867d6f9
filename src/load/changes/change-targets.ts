import type { ListRow } from '../../model/list/list-order.ts';
import type { RawMessage } from '../../model/message.ts';
import type { MessageTableName } from '../../model/table-name.ts';
import { isInPeriod } from '../../model/time/period.ts';
import { endpoints } from '../../endpoints/endpoints.ts';
import { planOfRoom } from '../../plan/plan-of-room.ts';
import type { RunPlan, PlannedChanges } from '../../plan/run-plan.ts';
import { heldBy, takenBy } from '../../plan/spans/spans.ts';

/** A message table of a room, and which messages of the room belong in it. */
export interface ChangeTarget {
  readonly table: MessageTableName;
  readonly accepts: (raw: RawMessage) => boolean;
  /** Whether the stream's own walk brings the message, in this run or the next. */
  readonly isWalked: (row: ListRow) => boolean;
  /** Whether the table has the message, or is to have it; of what else changes in the room nothing is written. */
  readonly holds: (row: ListRow) => boolean;
  /** Key of the stream. */
  readonly key: string;
  /** Whether this run reads the stream: then its walk, not the changes, brings what is new to it. */
  readonly isRead: boolean;
}

export function targetsOf(
  { room, revised }: PlannedChanges,
  runPlan: Pick<RunPlan, 'server' | 'streams'>,
): readonly ChangeTarget[] {
  const { username } = runPlan.server.user;
  const { streams } = planOfRoom(runPlan, room.id);
  return revised.map((stream) => {
    const { key, endpoint, filters } = stream;
    return {
      table: endpoints[endpoint].table,
      accepts: (raw) => endpoints[endpoint].lists(raw, filters, username),
      isWalked: walkedBy(stream),
      holds: heldBy(stream),
      key,
      isRead: streams.some((other) => other.key === key),
    };
  });
}

/**
 * Whether a table has a message from a list that the job does not have any more, and whose filters it still passes: another
 * filter takes nothing out of what runs wrote before.
 */
export function keptBy(
  { former = [] }: Pick<PlannedChanges, 'former'>,
  { server }: Pick<RunPlan, 'server'>,
): (table: MessageTableName, row: ListRow & { readonly raw: RawMessage }) => boolean {
  const lists = former.map(({ spans, ...list }) => ({ ...list, isTaken: takenBy(spans) }));
  return (table, row) =>
    lists.some(({ endpoint, filters, isTaken }) => {
      const list = endpoints[endpoint];
      return list.table === table && isTaken(row) && list.lists(row.raw, filters, server.user.username);
    });
}

/** A message that the stream's own walk brings, in this run or the next. */
export function walkedBy({
  spans,
  period,
}: Pick<PlannedChanges['revised'][number], 'spans' | 'period'>): ChangeTarget['isWalked'] {
  const isTaken = takenBy(spans);
  return (row) => isInPeriod(row, period) && !isTaken(row);
}
