import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { encodeFrame } from '../../src/journal/frame.ts';
import { readKeptJournal } from '../../src/journal/kept/read-kept-journal.ts';
import { keyedHash, purgeCheck, type PurgeRule } from '../../src/model/run/purge-rule.ts';
import { purgeJournals } from '../../src/purge/purge-journal.ts';
import { nodeDisk } from '../../src/system/disk.ts';
import { temporaryFolder } from '../support/disk/temporary-folder.ts';

const inFolder = temporaryFolder();
const anna = { _id: 'a', username: 'anna' };
const ts = '2024-01-01T00:00:00.000Z';
const whole = { _id: 'm1', rid: 'room', u: anna, msg: 'words 1', ts };
const malformed = [
  { ...whole, msg: 'words 2', ts: 'not a date' },
  { rid: 'room', u: anna, msg: 'words 3', ts },
  { _id: 'm4', u: anna, msg: 'words 4', ts },
  { msg: 'words 5', attachments: [{ text: 'words 5' }], u: anna },
];
const ofPerson: PurgeRule = { kind: 'user', key: 'k', hash: keyedHash('k', 'a'), until: '2025-01-01T00:00:00.000Z' };
const before: PurgeRule = { kind: 'before', before: '2025-01-01T00:00:00.000Z', heldRooms: [], heldUsers: [] };

/** The words that are left of a page in the journal of a list. */
async function left(folder: string, rules: readonly PurgeRule[], page: unknown, held?: string): Promise<unknown> {
  const journals = inFolder(folder);
  await mkdir(journals);
  const path = join(journals, '0001-groups.messages-room.pages');
  await writeFile(path, encodeFrame({ kind: 'plan' }, Buffer.from(JSON.stringify(page))));
  const check = purgeCheck(rules, { rooms: held === undefined ? [] : [held], users: [] });
  await purgeJournals(nodeDisk, journals, { check, run: 2 });
  for await (const { body } of readKeptJournal(nodeDisk, path)) return String(body).match(/words \d/g);
  return String(await readFile(path));
}

it.each([
  ['its sender', ofPerson],
  ['its time', before],
])('removes from kept pages what the server gave without an id, a room or a time, purged by %s', async (name, rule) => {
  expect(await left(`${name}-all`, [rule], { messages: [whole, ...malformed] })).toBeNull();
  const others = [{ _id: 'x', rid: 'room', u: { _id: 'b' }, msg: 'words 6', ts: '2026-01-01T00:00:00.000Z' }];
  expect(await left(`${name}-others`, [rule], { messages: [...malformed, ...others] })).toEqual(['words 6']);
});

it('leaves them where the room of their list is held', async () => {
  const page = { messages: malformed };
  expect(await left('held', [before], page, 'room')).toEqual(['words 2', 'words 3', 'words 4', 'words 5', 'words 5']);
});
