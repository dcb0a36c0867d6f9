import { wholeMessageTables } from '../../model/table-name.ts';
import { groupBy } from '../../model/list/group-by.ts';
import { ownValue } from '../../model/json/own-value.ts';
import type { ChangesState, State } from '../../archive/state/state.ts';
import { endpoints } from '../../endpoints/endpoints.ts';
import type { Span } from '../../model/stream.ts';
import type { StepOptions } from '../../model/step-options.ts';
import type { PlannedReread, PlannedStream } from '../run-plan.ts';
import { senderColumns } from '../../tables/sender-columns.ts';
import { hasRowsOf, lackingInList } from './lacking-in-list.ts';
import { listWalks } from '../spans/list-walks.ts';

/**
 * The lists to read once more from where earlier runs began, because the job makes tables that lack what those read. Of a
 * list that is read anew in any case nothing is lacking behind that.
 *
 * @param streams of the job, whether or not they have anything new
 * @param made the tables that the job makes
 * @param steps of the job: they say whether the rows of earlier runs tell who sent them
 */
export function planRereads(
  streams: readonly PlannedStream[],
  state: Pick<State, 'changes' | 'lists'>,
  made: ReadonlySet<string>,
  steps: readonly StepOptions[],
): readonly PlannedReread[] {
  // Of several walks over one list the last stands for it.
  const byRoom = groupBy(new Map(streams.map((one) => [one.key, one])).values(), ({ room }) => room.id);
  return [...byRoom].flatMap(([roomId, lists]) => {
    const known = ownValue(state.changes, roomId);
    if (known === undefined) return [];
    const coverage = { endpoints: lists.map(({ endpoint }) => endpoint), made };
    const read = lists.filter(isReadOn);
    const isTold = isToldByRows(known, steps);
    return read.flatMap((list) => {
      const own = lackingInList(state, list, coverage).filter(
        (table) => fills(list, table, read) && !(table === 'users' && isTold),
      );
      return own.length === 0 ? [] : rereadOf(list, own);
    });
  });
}

/** Whether earlier runs have taken something of a list, and this one does not begin anew. */
function isReadOn({ spans }: PlannedStream): boolean {
  return spans.some(({ cursor }) => cursor.watermark !== null);
}

/** One walk for each span: all that runs have taken, also where the job asks for a part of it now. */
function rereadOf(list: PlannedStream, tables: readonly string[]): readonly PlannedReread[] {
  const { spans, period } = list;
  return spans.flatMap((span, at) => {
    const next = spans[at + 1];
    const untilMs = next === undefined && period.untilMs === null ? null : endMs(span, next);
    return listWalks([], { sinceMs: span.sinceMs, untilMs }).map((walk) => ({
      ...list,
      ...walk,
      holes: [],
      otherCursor: null,
      mayReplace: false,
      tables,
    }));
  });
}

/**
 * Exclusive; null: the end of the list. Others of the millisecond of the last message that was taken are read with it, and
 * are none of the span. Of messages that were taken behind the watermark only the ids are known: they may be anywhere up to
 * the next span.
 */
function endMs({ cursor: { watermark, deliveredIds } }: Span, next: Span | undefined): number | null {
  if (deliveredIds.length > 0) return next?.sinceMs ?? null;
  return watermark === null ? null : watermark.tsMs + 1;
}

/** Whether rows of a table can come from a list; those of `users` from either list of a room. */
function fills({ endpoint }: PlannedStream, table: string, others: readonly PlannedStream[]): boolean {
  const { table: own } = endpoints[endpoint];
  if (table === 'users') return own === 'messages' || others.every((other) => other.endpoint === endpoint);
  return hasRowsOf(own, table);
}

/** Whether the rows that the archive has of a room say who sent its messages, as the server says it. */
function isToldByRows({ tables = [], behind = {} }: ChangesState, steps: readonly StepOptions[]): boolean {
  const made = [...tables, ...Object.keys(behind)];
  if (!wholeMessageTables.some((table) => made.includes(table))) return false;
  return steps.every((step) => {
    switch (step.kind) {
      case 'dropSystemMessages':
      case 'period':
        return true;
      case 'dropColumns':
        return !senderColumns.some(({ name }) => step.columns.includes(name));
      case 'pseudonymize':
      case 'use':
        return false;
    }
  });
}
