import stringWidth from 'string-width';
import type { MessageHistory } from '../../transcript/message-history.ts';
import { counted } from '../../model/text/counted.ts';
import { printable } from '../report/text/printable.ts';
import { wrappedLines } from '../report/text/wrapped-lines.ts';

const widthWithoutTerminal = 100;

/** The versions of a message, each beside the one before it. */
export function historyReport(history: MessageHistory, columns: number | null): string {
  const { messageId, number, roomTitle, roomId, sentAt, author, versions, deletion } = history;
  const width = Math.max(24, Math.floor(((columns ?? widthWithoutTerminal) - 3) / 2));
  const head = printable(`${messageId} (RC-${String(number).padStart(8, '0')}) in "${roomTitle}" (${roomId})`);
  const sent = printable(`sent ${sentAt} by ${author ?? 'an unknown sender'}; ${counted(versions.length, 'version')}`);
  const parts = versions.map(({ text, sinceMs, by, from, run }, at) => {
    const since = sinceMs === null ? 'since a time that is not known' : `since ${new Date(sinceMs).toISOString()}`;
    const source = from === 'server' ? 'kept by the server' : `read by run ${run}`;
    const before = versions[at - 1]?.text;
    const title = printable(`${at + 1}. ${since}, by ${by ?? 'nobody knows whom'}; ${source}`);
    return (
      `\n${title}\n` +
      (before === undefined ? `${lines(text, 2 * width + 3).join('\n')}\n` : beside(before, text, width))
    );
  });
  const gone =
    deletion === null
      ? ''
      : printable(
          `deleted ${deletion.atMs === null ? 'at a time that is not known' : new Date(deletion.atMs).toISOString()} by ${deletion.by ?? 'nobody knows whom'}; run ${deletion.run} found it gone`,
        );
  return `${head}\n${sent}\n${parts.join('')}${gone === '' ? '' : `\n${gone}\n`}`;
}

function beside(left: string, right: string, width: number): string {
  const [before, after] = [lines(left, width), lines(right, width)];
  const rows = Array.from({ length: Math.max(before.length, after.length) }, (_, at) => {
    const [one = '', other = ''] = [before[at], after[at]];
    return `${one}${' '.repeat(Math.max(0, width - stringWidth(one)))} | ${other}`.trimEnd();
  });
  return `${rows.join('\n')}\n`;
}

function lines(text: string, width: number): readonly string[] {
  return text.split('\n').flatMap((line) => wrappedLines(printable(line), width));
}
