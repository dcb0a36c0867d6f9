import { describe, expect, it } from '@jest/globals';
import type { ColumnDescription, ColumnSpec, Row, Value } from '../../src/tables/column.ts';
import { messageTables, roomsTable } from '../../src/tables/tables.ts';
import { bare, sample } from './sample-message.ts';

const tables = messageTables({ md: true });
const exportedRoom = {
  room: {
    id: 'r1',
    name: 'ops',
    type: 'private',
    archived: false,
    parentId: null,
    messageCount: 7,
    lastMessageAtMs: 1709337600000,
    updatedAtMs: null,
    changeMark: null,
  },
  run: 3,
} as const;

function readMessages(): Row {
  const [row] = tables.messages.rows([sample]);
  if (row === undefined) throw new Error('Expected a row');
  return row;
}

describe('messages', () => {
  it('holds each part of a message in its column, in column order', () => {
    expect(readMessages()).toEqual({
      message_id: 'm1',
      room_id: 'r1',
      room_name: 'ops',
      room_type: 'private',
      ts: sample.ts,
      updated_at: sample.updatedAt,
      user_id: 'u1',
      username: 'jane',
      user_name: 'Jane',
      alias: 'CI',
      type: 'uj',
      msg: '*hi*',
      text: 'hi',
      links: ['https://a.example', 'https://b.example'],
      emoji: [':tada:', '😀'],
      mention_ids: ['u2', 't1', 'all'],
      mention_usernames: ['joe', 'all'],
      mentions_all: true,
      mentions_here: false,
      channel_ids: ['c1'],
      channel_names: ['general'],
      reaction_count: 3,
      reactions: [
        { emoji: ':tada:', count: 2, usernames: ['joe', 'ann'] },
        { emoji: ':+1:', count: 1, usernames: ['joe'] },
      ],
      thread_id: 'm0',
      thread_shown: false,
      thread_count: 4,
      thread_last_at: sample.threadLastAt,
      discussion_id: 'd1',
      discussion_count: 5,
      discussion_last_at: sample.discussionLastAt,
      edited_at: sample.editedAt,
      edited_by_id: 'u3',
      edited_by_username: 'ann',
      pinned: true,
      pinned_at: sample.pinnedAt,
      pinned_by_username: 'joe',
      starred_by_ids: ['u1'],
      attachment_count: 2,
      attachments: sample.attachments,
      urls: ['https://a.example'],
      encrypted: false,
      extra: { groupable: false },
      md: [{ type: 'PARAGRAPH', value: [] }],
      op: 'upsert',
      run: 3,
    });
  });

  it('has md only for those who ask for it, before op and run', () => {
    const names = ({ columns }: { columns: readonly ColumnSpec[] }) => columns.map(({ name }) => name);
    expect(names(tables.messages).slice(-4)).toEqual(['extra', 'md', 'op', 'run']);
    expect(names(messageTables({ md: false }).messages)).toEqual(
      names(tables.messages).filter((name) => name !== 'md'),
    );
  });

  it('has the same columns as mentioned_messages', () => {
    expect(tables.mentioned_messages.columns).toEqual(tables.messages.columns);
    expect(tables.mentioned_messages.rows([sample])).toEqual(tables.messages.rows([sample]));
  });
});

describe('side tables', () => {
  const place = { message_id: 'm1', room_id: 'r1', ts: sample.ts };
  const written = { op: 'upsert', run: 3 };

  it.each([
    [
      'mentions' as const,
      [
        { mention_id: 'u2', username: 'joe', name: 'Joe', mention_type: 'user' },
        { mention_id: 't1', username: null, name: 'Ops', mention_type: 'team' },
        { mention_id: 'all', username: 'all', name: null, mention_type: 'all' },
      ],
    ],
    [
      'reactions' as const,
      [
        { emoji: ':tada:', username: 'joe', name: 'Joe' },
        { emoji: ':tada:', username: 'ann', name: null },
        { emoji: ':+1:', username: 'joe', name: null },
      ],
    ],
    ['attachments' as const, sample.attachments],
    ['links' as const, sample.links],
  ])('%s has one row an element, numbered within its message', (name, own) => {
    const expected = own.map((element, position) => ({ ...place, position, ...element, ...written }));
    expect(tables[name].rows([bare, sample, sample])).toEqual([...expected, ...expected]);
  });
});

describe('rooms', () => {
  it('has one row a room', () => {
    expect(roomsTable.rows([exportedRoom])).toEqual([
      {
        room_id: 'r1',
        room_name: 'ops',
        room_type: 'private',
        archived: false,
        parent_id: null,
        message_count: 7,
        last_message_at: new Date(1709337600000),
        run: 3,
      },
    ]);
  });
});

describe('every table', () => {
  const all: [string, readonly ColumnDescription[], readonly Row[]][] = [
    ...Object.values(tables).map((table): [string, readonly ColumnDescription[], readonly Row[]] => [
      table.name,
      table.columns,
      table.rows([sample, bare]),
    ]),
    [roomsTable.name, roomsTable.columns, roomsTable.rows([exportedRoom])],
  ];

  it.each(all)('%s has rows with one key a column, in column order, of its type', (_, columns, rows) => {
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) {
      expect(Object.keys(row)).toEqual(columns.map(({ name }) => name));
      for (const column of columns)
        expect([column.name, isOfType(row[column.name], column)]).toEqual([column.name, true]);
    }
  });

  it.each(all)('%s explains each of its columns', (_, columns) => {
    for (const { meaning, from } of columns) {
      expect(meaning).toMatch(/^[A-Z`].*\.$/);
      expect(from).not.toBe('');
    }
  });
});

function isOfType(value: Value | undefined, { type, nullable }: ColumnSpec): boolean {
  if (value === undefined) return false;
  if (value === null) return nullable;
  switch (type.kind) {
    case 'string':
    case 'boolean':
      return typeof value === type.kind;
    case 'int':
      return Number.isSafeInteger(value);
    case 'timestamp':
      return value instanceof Date && !Number.isNaN(value.getTime());
    case 'json':
      return true;
    case 'strings':
      return Array.isArray(value) && value.every((element) => typeof element === 'string');
    case 'structs': {
      const names = type.fields.map(({ name }) => name).join();
      return Array.isArray(value) && value.every((struct) => Object.keys(struct as object).join() === names);
    }
  }
}
