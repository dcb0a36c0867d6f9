import { rowOf, type RowsOfRun } from './rows-archive.ts';

const nastyTexts = ['', 'a "quoted", comma', 'two\r\nlines', '=1+1', '\ufeffmark', '日本 👍', ' ', "'"];

/** Some messages of a run, with texts that formats trip over. */
export const messages = (run: number, count: number): RowsOfRun => ({
  table: 'messages',
  rows: Array.from({ length: count }, (_, at) =>
    rowOf('messages', {
      message_id: `m${run}-${at}`,
      room_id: 'r',
      run,
      msg: nastyTexts[(run + at) % nastyTexts.length] ?? null,
      text: at % 3 === 0 ? null : 'text',
      emoji: ['👍', ''],
      reactions: [{ emoji: ':+1:', count: at, usernames: ['a', 'b'] }],
      extra: at % 2 === 0 ? null : { deep: [1, null, 'x'], '2': true },
    }),
  ),
});

/** Newer versions of messages. */
export const revised = (run: number, ids: readonly string[]): RowsOfRun => ({
  table: 'messages',
  mayReplace: true,
  rows: ids.map((id) => rowOf('messages', { message_id: id, run, msg: `edited in ${run}` })),
});
