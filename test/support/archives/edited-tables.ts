import type { Row } from '../../../src/model/column.ts';
import { fixtureRow, type FixtureRun, type TableRows } from './revised-archive.ts';

/** What happened to message 0, 1, 2… in each run: new, edited, deleted, back again. */
const events = ['nnnnnnnn', '.e.dd.en', 'e..b.den', '.ed..b.d', 'e.bdn..n'];

function rowsOf(run: number): { readonly messages: TableRows; readonly mentions: TableRows } {
  const messages = { first: [] as Row[], revising: [] as Row[] };
  const mentions = { first: [] as Row[], revising: [] as Row[] };
  Array.from(events[run - 1] ?? '').forEach((event, at) => {
    // Every run has new messages of its own, too.
    const id = event === 'n' ? `m${run}-${at}` : `m1-${at}`;
    if (event === '.') return;
    const place = event === 'n' ? 'first' : 'revising';
    const op = event === 'd' ? 'delete' : 'upsert';
    const common = { message_id: id, room_id: `room ${at % 3}`, ts: new Date(Date.UTC(2024, at, run)), op, run };
    const text = { msg: `"${id}",\n run ${run}`, text: '', links: ['a', ''], reactions: [reaction(at)], extra: { at } };
    messages[place].push(fixtureRow('messages', { ...common, ...(op === 'upsert' && text) }));
    // Some versions mention nobody.
    const mentioned = op === 'delete' ? 0 : (at + run) % 3;
    if (mentioned === 0 && event !== 'n') mentions[place].push(fixtureRow('mentions', { ...common, op: 'delete' }));
    for (let position = 0; position < mentioned; position++) {
      mentions[place].push(fixtureRow('mentions', { ...common, position, username: `u${run}`, mention_type: 'user' }));
    }
  });
  return { messages, mentions };
}

const reaction = (count: number) => ({ emoji: ':tada:', count, usernames: ['x'] });

/** Five runs over messages that are edited, deleted and back again, in three formats. */
export const editedRuns: readonly FixtureRun[] = events.map((_, index) => ({
  tables: rowsOf(index + 1),
  sinks: [{ format: 'csv', compression: 'gzip' }, { format: 'parquet' }, { format: 'jsonl' }],
  lists: [{ endpoint: 'groups.messages', filters: {} }],
}));
