import stringWidth from 'string-width';
import { cutToWidth } from '../report/text/cut-to-width.ts';
import { printable } from '../report/text/printable.ts';
import { wrappedWords } from '../report/text/wrapped-lines.ts';
import type { Level, Log } from './log.ts';
import type { ProcessContext } from '../process-context.ts';

/** Often enough to look alive, seldom enough to cost nothing. */
const refreshMs = 200;

/** Some terminals wrap as soon as the last column is written, and all show `^C` behind the line when it is typed. */
const freeColumns = 3;

const eraseLine = '\r\u001b[2K';
const eraseBelow = '\r\u001b[J';

/**
 * Lines for people: on a terminal as they are (`plain`), with a status line below them (`live`), or each with its time
 * (`timed`), for logs.
 */
export function createLineLog(
  { stderr, clock }: Pick<ProcessContext, 'stderr' | 'clock'>,
  level: Level,
  mode: LineMode,
): Log {
  let render: ((columns: number) => string) | null = null;
  let shown = '';
  let timer: NodeJS.Timeout | undefined;

  /** What takes the shown line away: a terminal that has been narrowed since has wrapped it. */
  function erase(columns: number): string {
    const rowsAbove = Math.ceil(stringWidth(shown) / columns) - 1;
    return rowsAbove > 0 ? `\u001b[${String(rowsAbove)}A${eraseBelow}` : eraseLine;
  }

  function refresh(): void {
    const columns = stderr.columns ?? 80;
    const most = Math.max(1, columns - freeColumns);
    const line = render === null ? '' : cutToWidth(printable(render(most)), most);
    if (line === shown) return;
    stderr.write(erase(columns) + line);
    shown = line;
  }

  function print(text: string): void {
    if (shown !== '') stderr.write(erase(stderr.columns ?? 80));
    // Whoever keeps lines (`timed`) searches them one by one.
    const columns = mode === 'timed' ? Infinity : (stderr.columns ?? Infinity);
    for (const line of text.split('\n'))
      for (const row of wrappedWords(printable(line), columns, '  ')) stderr.write(`${row}\n`);
    shown = '';
    refresh();
  }

  function say(word: string, message: string): void {
    const stamp = mode === 'timed' ? `${new Date(clock.now()).toISOString()} ${word.padEnd(7)} ` : '';
    const label = mode !== 'timed' && word === 'warning' ? 'warning: ' : '';
    print(stamp + label + message);
  }

  return {
    isLive: mode === 'live',
    detail: (message) => level === 'detail' && say('detail', message),
    info: (message) => level !== 'warn' && say('info', message),
    warn: (message, { hint } = {}) => {
      say('warning', message);
      if (hint !== undefined) say('hint', mode === 'timed' ? hint : `hint: ${hint}`);
    },
    error: ({ message, hint }, _fields, stack) => {
      print(`error: ${message}`);
      if (hint !== undefined) print(`hint: ${hint}`);
      if (level === 'detail') print(stack);
    },
    status: (newRender) => {
      if (mode !== 'live') return;
      render = newRender;
      if (render === null) clearInterval(timer);
      else timer ??= setInterval(refresh, refreshMs).unref();
      if (render === null) timer = undefined;
      refresh();
    },
  };
}

export type LineMode = 'live' | 'plain' | 'timed';
