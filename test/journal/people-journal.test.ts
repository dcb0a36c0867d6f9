import { beforeEach, describe, expect, it } from '@jest/globals';
import {
  listKey,
  listPage,
  newList,
  readPeopleJournal,
  userInfoEndpoint,
  usersEndpoint,
  type PeopleJournal,
} from '../../src/journal/people-journal.ts';
import { StreamJournal } from '../../src/journal/stream-journal.ts';
import { MemoryDisk } from '../support/disk/memory-disk.ts';

const path = '/j/0000-users.pages';
const members = 'groups.members';

let disk: MemoryDisk;
beforeEach(async () => {
  disk = new MemoryDisk();
  await disk.makeFolder('/j');
});

/** What is read of a journal that was written so. */
async function readAfter(write: (journal: StreamJournal) => Promise<void>): Promise<PeopleJournal> {
  const { journal } = await StreamJournal.open(disk, path, () => 0);
  await write(journal);
  await journal.close();
  return readPeopleJournal(disk, path);
}

const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

/** By list: the rows, whether it is whole, and why it was refused. */
function listsOf({ lists }: PeopleJournal) {
  return [...lists].map(([key, { list, refusal }]) => [key, list.rows, list.isWhole, refusal]);
}

describe('the first request for a list', () => {
  it('asks for a page of users, and for all members of a room', () => {
    expect(newList(usersEndpoint).next).toEqual({ offset: 0, count: 100 });
    expect(newList(members).next).toEqual({ offset: 0, count: 0 });
  });
});

describe('the page of a list in an answer', () => {
  const row = { _id: 'u1' };

  it('is of users or of members, as the endpoint has it', () => {
    const both = { users: [row], members: [], total: 1 };
    const params = { offset: '100' };
    expect(listPage({ endpoint: usersEndpoint, params }, both)).toEqual({ offset: 100, rows: [row], total: 1 });
    expect(listPage({ endpoint: members, params }, both)).toEqual({ offset: 100, rows: [], total: 1 });
  });

  it.each([undefined, '1', null])('has no total where the server shows %p', (total) =>
    expect(listPage({ endpoint: members, params: { offset: '0' } }, { members: [], total })?.total).toBeNull(),
  );

  it('is none without rows', () =>
    expect(listPage({ endpoint: members, params: { offset: '0' } }, { members: {}, total: 1 })).toBeUndefined());
});

describe('a journal of users and members', () => {
  it('holds nothing where it is not there', async () =>
    expect(await readPeopleJournal(disk, path)).toEqual({ lists: new Map(), lookedUp: new Map(), sizeBytes: 0 }));

  it('holds each list by its room, with its pages put together', async () => {
    const page = (roomId: string, offset: number, ids: readonly string[], total: number) =>
      [
        { endpoint: members, params: { roomId, offset: String(offset), count: '0' } },
        json({ members: ids.map((_id) => ({ _id })), total }),
      ] as const;
    const read = await readAfter(async (journal) => {
      await journal.answer(...page('r1', 0, ['a', 'b'], 3));
      await journal.answer(...page('r2', 0, ['a'], 1));
      await journal.answer(...page('r1', 1, ['b', 'c'], 3));
      await journal.answer({ endpoint: usersEndpoint, params: { offset: '0' } }, json({ users: [{ _id: 'd' }] }));
    });
    expect(listsOf(read)).toEqual([
      [listKey(members, 'r1'), [{ _id: 'a' }, { _id: 'b' }, { _id: 'c' }], true, null],
      [listKey(members, 'r2'), [{ _id: 'a' }], true, null],
      [listKey(usersEndpoint, null), [{ _id: 'd' }], false, null],
    ]);
    expect([...read.lists.keys()]).toEqual(['groups.members r1', 'groups.members r2', 'users.list']);
    expect(read.sizeBytes).toBe(await disk.sizeBytes(path));
  });

  it('holds why a list was refused, and what it showed before', async () => {
    const asked = { endpoint: members, params: { roomId: 'r1', offset: '0' } };
    const read = await readAfter(async (journal) => {
      await journal.answer(asked, json({ members: [{ _id: 'a' }], total: 9 }));
      await journal.refused(asked, 'not-allowed', 'no');
    });
    expect(listsOf(read)).toEqual([
      ['groups.members r1', [{ _id: 'a' }], false, { reason: 'not-allowed', message: 'no' }],
    ]);
  });

  it('holds a list of which no answer was a page', async () => {
    const asked = { endpoint: members, params: { roomId: 'r1', offset: '0' } };
    expect(listsOf(await readAfter((journal) => journal.answer(asked, json({ success: true }))))).toEqual([
      ['groups.members r1', [], false, null],
    ]);
  });

  it('holds who was looked up, and who could not be', async () => {
    const asked = (userId: string) => ({ endpoint: userInfoEndpoint, params: { userId } });
    const read = await readAfter(async (journal) => {
      await journal.answer(asked('u1'), json({ user: { _id: 'u1', name: 'Ada' } }));
      await journal.refused(asked('u2'), 'user-not-found', 'no');
      await journal.answer({ endpoint: userInfoEndpoint, params: {} }, json({ user: 'nobody asked for' }));
    });
    expect([...read.lookedUp]).toEqual([
      ['u1', { _id: 'u1', name: 'Ada' }],
      ['u2', null],
      ['', 'nobody asked for'],
    ]);
    expect(read.lists.size).toBe(0);
  });

  it('passes over frames of other kinds, and ends before one that was torn', async () => {
    const asked = { endpoint: userInfoEndpoint, params: { userId: 'u1' } };
    const cursor = { watermark: null, offset: 0, deliveredIds: [] };
    let wholeBytes = 0;
    await readAfter(async (journal) => {
      await journal.answer(asked, json({ user: 1 }));
      await journal.gap(cursor, 'wire', '');
      wholeBytes = journal.sizeBytes;
      await journal.answer({ ...asked, params: { userId: 'u2' } }, json({ user: 2 }));
    });
    await disk.truncate(path, ((await disk.sizeBytes(path)) ?? 0) - 1);
    const read = await readPeopleJournal(disk, path);
    expect([[...read.lookedUp.keys()], read.sizeBytes, read.lists.size]).toEqual([['u1'], wholeBytes, 0]);
  });
});
