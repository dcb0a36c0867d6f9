import { describe, expect, it } from '@jest/globals';
import type { ColumnDescription, ColumnSpec, Row, Value } from '../../src/model/column.ts';
import { messageTables, roomMembersTable, roomsTable, usersTable } from '../../src/tables/tables.ts';
import { bare, sample } from '../support/messages/sample-message.ts';
import { exportedMember, exportedUser } from '../support/messages/sample-people.ts';

const tables = messageTables({ md: true });
const exportedRoom = {
  op: 'upsert',
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
    displayName: 'Operations',
    details: {
      ...{ topic: 'on call', description: 'all of it', ownerId: 'u1', createdAtMs: 1709337500000 },
      ...{ membersCount: 4, readOnly: false, teamId: 't1' },
    },
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
      room_title: 'Operations',
      room_type: 'private',
      ts: sample.ts,
      updated_at: sample.updatedAt,
      user_id: 'u1',
      username: 'jane',
      user_name: 'Jane',
      alias: 'CI',
      is_bot: true,
      bot_id: 'js.SDK',
      imported: true,
      type: 'au',
      is_system: true,
      system_actor_id: 'u1',
      system_actor_username: 'jane',
      system_target: 'joe',
      system_value: 'owner',
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
      thread_follower_ids: ['u1', 'u2'],
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
      quoted_message_ids: ['m0'],
      urls: ['https://a.example'],
      encrypted: false,
      content: sample.content,
      e2e_mentions: sample.e2eMentions,
      location: sample.location,
      translations: { de: 'hallo' },
      omnichannel: { token: 't' },
      custom_fields: { ticket: 7 },
      extra: { groupable: false },
      md: [{ type: 'PARAGRAPH', value: [] }],
      deleted_at: sample.deletedAt,
      op: 'upsert',
      run: 3,
    });
  });

  it('has md only for those who ask for it, before op and run', () => {
    const names = ({ columns }: { columns: readonly ColumnSpec[] }) => columns.map(({ name }) => name);
    expect(names(tables.messages).slice(-5)).toEqual(['extra', 'md', 'deleted_at', 'op', 'run']);
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
  const place = { message_id: 'm1', room_id: 'r1', ts: sample.ts, user_id: 'u1', thread_id: 'm0' };
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
        { emoji: ':tada:', emoji_unicode: '🎉', username: 'joe', reactor_id: null, name: 'Joe' },
        { emoji: ':tada:', emoji_unicode: '🎉', username: 'ann', reactor_id: null, name: null },
        { emoji: ':+1:', emoji_unicode: '👍', username: 'joe', reactor_id: null, name: null },
      ],
    ],
    ['attachments' as const, sample.attachments],
    ['links' as const, sample.links],
  ])('%s has one row an element, numbered within its message', (name, own) => {
    const expected = own.map((element, position) => ({ ...place, position, ...element, ...written }));
    const message = { ...bare, userId: 'u1', threadId: 'm0' };
    expect(tables[name].rows([message, sample, sample])).toEqual([...expected, ...expected]);
  });

  it.each(['mentions', 'reactions', 'attachments', 'links'] as const)(
    '%s says in one row that a message has no element any more, whatever it had',
    (name) => {
      const [upsert] = tables[name].rows([sample]);
      const nulls = Object.fromEntries(Object.keys(upsert ?? {}).map((column) => [column, null]));
      const known = { message_id: 'm1', room_id: 'r1', ts: sample.ts, op: 'delete', run: 3 };
      expect(
        tables[name].rows([
          { ...sample, op: 'delete' },
          { ...bare, op: 'delete' },
        ]),
      ).toEqual([
        { ...nulls, ...known },
        { ...nulls, ...known },
      ]);
    },
  );
});

describe('rooms', () => {
  it('has one row per room', () => {
    expect(roomsTable.rows([exportedRoom])).toEqual([
      {
        room_id: 'r1',
        room_name: 'ops',
        room_title: 'Operations',
        room_type: 'private',
        archived: false,
        read_only: false,
        topic: 'on call',
        description: 'all of it',
        parent_id: null,
        team_id: 't1',
        owner_id: 'u1',
        created_at: new Date(1709337500000),
        members_count: 4,
        message_count: 7,
        last_message_at: new Date(1709337600000),
        op: 'upsert',
        run: 3,
      },
    ]);
  });

  it('says of a room that is gone nothing but that', () => {
    const [row] = roomsTable.rows([{ op: 'delete', roomId: 'r1', run: 4 }]);
    const { room_id, op, run, ...rest } = row ?? {};
    expect([room_id, op, run]).toEqual(['r1', 'delete', 4]);
    expect(new Set(Object.values(rest))).toEqual(new Set([null]));
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
    [usersTable.name, usersTable.columns, usersTable.rows([exportedUser])],
    [roomMembersTable.name, roomMembersTable.columns, roomMembersTable.rows([exportedMember])],
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
