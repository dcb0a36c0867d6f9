import { listTableNames } from '../../model/table-name.ts';
import { isDeepStrictEqual } from 'node:util';
import type { Completion } from '../../model/run/load-result.ts';
import type { StepSettings } from '../../snapshot/superseded/superseded-runs.ts';
import { tableReadAgainTo, type ReadAgain } from './read-again-to.ts';

/**
 * Tables without messages that steps of earlier runs dropped, and that those of today may keep: no walk reads them again,
 * because they lie before its cursor. A reset of single rooms changes nothing here, one of all rooms does: what it has
 * read again stands in later runs.
 */
export function droppedMessages(
  history: ReadAgain,
  tables: Iterable<string>,
  steps: readonly StepSettings[],
): Completion['columns'] {
  const dropping = history.runs.flatMap(({ run, steps: then, tables: made }) => {
    const lost = then.filter((step) => step.dropped > 0 && !steps.some((now) => dropsAsMuch(now, step)));
    const dropped = lost.reduce((sum, step) => sum + step.dropped, 0);
    return dropped === 0 ? [] : [{ run, made, dropped, names: lost.map(({ step }) => step) }];
  });
  return [...tables].flatMap((table) => {
    // Who makes a table later reads all for it, by the steps of then. Of rooms and people no step drops any.
    const readAgain = tableReadAgainTo(table, history);
    const own = dropping.filter(({ run, made }) => run > readAgain && Object.hasOwn(made, table));
    if (own.length === 0 || listTableNames.some((name) => name === table)) return [];
    const names = [...new Set(own.flatMap((one) => one.names))];
    const dropped = own.reduce((sum, one) => sum + one.dropped, 0);
    const because = `${names.join(' and ')} dropped ${dropped === 1 ? 'one message' : `${dropped} messages`} then, and the steps of the job are others now: after \`state forget\` the next run reads every room again`;
    return [{ table, columns: null, runs: own.map(({ run }) => run), because }];
  });
}

/** Whether a step of now drops whatever one of then has dropped. Of code of one's own only the name and the options are known. */
export function dropsAsMuch(now: StepSettings, then: StepSettings): boolean {
  if (now.step !== then.step) return false;
  if (now.step !== 'period') return isDeepStrictEqual(now.settings, then.settings);
  // Both are as toISOString writes them, see periodStep.
  return (
    isWithin(now.settings['since'], then.settings['since'], (a, b) => a >= b) &&
    isWithin(now.settings['until'], then.settings['until'], (a, b) => a <= b)
  );
}

function isWithin(now: unknown, then: unknown, isNarrower: (now: number, then: number) => boolean): boolean {
  if (typeof then !== 'string') return true;
  return typeof now === 'string' && isNarrower(Date.parse(now), Date.parse(then));
}
