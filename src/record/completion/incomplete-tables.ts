import type { Incomplete } from '../../archive/manifest/coverage.ts';
import type { RunPlan } from '../../plan/run-plan.ts';
import type { State } from '../../archive/state/state.ts';

/**
 * What tables of a job lack of rooms that were read before a run made them, and could not be read again yet.
 *
 * @param changes after the run
 */
export function incompleteTables(
  { changes }: Pick<State, 'changes'>,
  tables: Readonly<Record<string, unknown>>,
): readonly Incomplete[] {
  const rooms = new Map<string, number>();
  for (const { lacking = [] } of Object.values(changes)) {
    // Of a side table the part that mentions of the login make has a name of its own.
    const names = new Set(lacking.map((name) => name.split(' ')[0] ?? name));
    for (const name of names) rooms.set(name, (rooms.get(name) ?? 0) + 1);
  }
  return [...rooms]
    .filter(([table]) => Object.hasOwn(tables, table))
    .map(([table, count]) => ({
      ...{ table, format: null, columns: null, runs: [] },
      because: `of ${count === 1 ? 'one room' : `${count} rooms`} that earlier runs read it has only what came since it is made, because reading the room again ended in a gap: the next run tries once more`,
    }));
}

/** The same in sentences, and which lists were read once more. */
export function tableNotes(
  { rereads }: Pick<RunPlan, 'rereads'>,
  incomplete: readonly Incomplete[],
): readonly string[] {
  const tables = new Set(rereads.flatMap((reread) => reread.tables.map((name) => name.split(' ')[0] ?? name)));
  return [
    ...(rereads.length === 0
      ? []
      : [
          `${rereads.length === 1 ? 'One list was' : `${rereads.length} lists were`} read again from the beginning, for tables that no earlier run made: ${[...tables].join(', ')}. Other tables got nothing of that.`,
        ]),
    ...incomplete.map(({ table, because }) => `The table "${table}" is not whole: ${because}.`),
  ];
}
