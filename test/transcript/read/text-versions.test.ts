import { expect, it } from '@jest/globals';
import { archivedMessage, isEdited } from '../../../src/transcript/read/archived-message.ts';
import { messageRow, type MessageRow } from '../../../src/transcript/read/message-row.ts';

function row(run: number, fields: Readonly<Record<string, unknown>>): MessageRow {
  const ts = '2026-03-01T00:00:00.000Z';
  const base = { message_id: 'm', room_id: 'r', ts, run, op: 'upsert', username: 'marc' };
  return messageRow('messages', JSON.stringify({ ...base, ...fields }));
}

const plain = { msg: 'hello @anna', text: 'hello @anna' };

it('takes no column that the job drops later for an edit by the author', () => {
  const message = archivedMessage([row(1, plain), row(2, {})]);
  expect(message?.versions).toEqual([expect.objectContaining({ text: 'hello @anna', run: 1 })]);
  expect(message && isEdited(message)).toBe(false);
});

it('takes no text that the job writes otherwise later for one that the author wrote then', () => {
  const message = archivedMessage([row(1, plain), row(2, { msg: 'hello @u_0', text: 'hello @u_0' })]);
  expect(message?.versions).toMatchObject([
    { text: 'hello @anna', by: 'marc' },
    { text: 'hello @u_0', by: null, sinceMs: null, run: 2 },
  ]);
  expect(message && isEdited(message)).toBe(false);
});

it('knows an edit by its time', () => {
  const edited = { msg: 'hi', text: 'hi', edited_at: '2026-03-02T00:00:00.000Z', edited_by_username: 'marc' };
  const message = archivedMessage([row(1, plain), row(2, edited)]);
  expect(message?.versions).toMatchObject([{ text: 'hello @anna' }, { text: 'hi', by: 'marc' }]);
  expect(message && isEdited(message)).toBe(true);
});
