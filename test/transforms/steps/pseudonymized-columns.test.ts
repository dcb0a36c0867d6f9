import { describe, expect, it } from '@jest/globals';
import type { Member } from '../../../src/model/people/member.ts';
import type { Person } from '../../../src/model/people/person.ts';
import type { Room } from '../../../src/model/room.ts';
import type { Row } from '../../../src/model/column.ts';
import type { FlatMessage } from '../../../src/model/flat-message.ts';
import { messageTables, roomMembersTable, roomsTable, usersTable } from '../../../src/tables/tables.ts';
import { pseudonymizeStep } from '../../../src/transforms/steps/pseudonymize.ts';
import { sample } from '../../support/messages/sample-message.ts';

const name = 'jane.doe';

/**
 * What becomes of a column: `hidden`, no name of a person is left in it; `emptied`; `kept`, it is as it was, for what it
 * holds names nobody. A column that is missing here fails the test: whoever adds one has to decide.
 */
const columns: Readonly<Record<'hidden' | 'emptied' | 'kept', readonly string[]>> = {
  hidden: [
    ...['room_id', 'room_name', 'room_title', 'user_id', 'username', 'user_name', 'alias', 'msg', 'text', 'links'],
    ...['system_actor_id', 'system_actor_username', 'system_target', 'system_value', 'mention_ids'],
    ...['mention_usernames', 'reactions', 'thread_follower_ids', 'edited_by_id', 'edited_by_username'],
    ...['pinned_by_username', 'starred_by_ids', 'attachments', 'urls', 'mention_id', 'name', 'title', 'author', 'url'],
    ...['label', 'topic', 'description', 'owner_id', 'parent_id'],
  ],
  emptied: ['extra', 'md', 'content', 'e2e_mentions', 'location', 'translations', 'omnichannel', 'custom_fields'],
  kept: [
    ...['message_id', 'version_id', 'room_type', 'ts', 'updated_at', 'deleted_at', 'op', 'run', 'position', 'type'],
    ...['is_system', 'is_bot', 'bot_id', 'imported', 'emoji', 'emoji_unicode', 'mentions_all', 'mentions_here'],
    // Names of other rooms: not of direct ones, which nobody can name with #.
    ...['channel_ids', 'channel_names', 'reaction_count', 'thread_id', 'thread_shown', 'thread_count'],
    ...['thread_last_at', 'discussion_id', 'discussion_count', 'discussion_last_at', 'edited_at', 'pinned'],
    ...['pinned_at', 'attachment_count', 'quoted_message_ids', 'encrypted', 'mention_type', 'kind', 'mime_type'],
    ...['size_bytes', 'file_id', 'archived', 'read_only', 'team_id', 'created_at', 'members_count', 'message_count'],
    ...['last_message_at', 'roles', 'active', 'utc_offset_minutes', 'source', 'joined_at', 'first_run', 'last_run'],
    // Null in this version.
    'reactor_id',
  ],
};

/** The name stands in every place that can hold one. */
const message: FlatMessage = {
  ...sample,
  ...{ roomId: `${name}0123456789012345678`, roomName: name, roomTitle: name, roomType: 'direct' },
  ...{ userId: name, username: name, userName: name, alias: name, msg: name, text: name },
  ...{ systemActorId: name, systemActorUsername: name, systemTarget: name, systemValue: `@${name}` },
  links: [{ url: `/direct/${name}`, label: `@${name}` }],
  mentions: [{ id: name, username: name, name, type: 'user' }],
  reactions: [{ emoji: ':tada:', count: 1, usernames: [name], names: [name] }],
  ...{ threadFollowerIds: [name], editedById: name, editedByUsername: name, pinnedByUsername: name },
  starredByIds: [name],
  attachments: [
    {
      ...{ kind: 'quote', title: name, author: name, text: `@${name}`, url: `/avatar/${name}` },
      ...{ urls: [`/avatar/${name}`], mime_type: null, size_bytes: null, file_id: null },
    },
  ],
  urls: [`https://chat.example/direct/${name}`],
  ...{ extra: { by: name }, md: [name], content: { by: name }, e2eMentions: { users: [name] } },
  ...{ location: { by: name }, translations: { de: name }, omnichannel: { by: name }, customFields: { by: name } },
  raw: { u: { username: name } },
};

const room: Room = {
  ...{ id: message.roomId, name, displayName: name, type: 'direct', archived: false, parentId: message.roomId },
  ...{ messageCount: 1, lastMessageAtMs: 1, updatedAtMs: 1, changeMark: null },
  details: {
    ...{ topic: `with @${name}`, description: `@${name}'s`, ownerId: name, createdAtMs: 1 },
    ...{ membersCount: 2, readOnly: false, teamId: 't1' },
  },
};

const person: Person = {
  ...{ id: name, username: name, name, roles: ['admin'], type: 'user', active: true, utcOffsetMinutes: 60 },
  source: 'list',
};

const member: Member = {
  ...{ roomId: message.roomId, roomType: 'direct', userId: name, username: name, name, roles: ['owner'] },
  joinedAtMs: 1,
};

const step = pseudonymizeStep('a key of sixteen or more');
const tables = Object.values(messageTables({ md: true }));

function rowsOf(of: FlatMessage, ofRoom: Room, who: Person, inRoom: Member): readonly (readonly [string, Row])[] {
  return [
    ...tables.flatMap((table) => table.rows([of]).map((row) => [table.name, row] as const)),
    ...roomsTable.rows([{ op: 'upsert', room: ofRoom, run: 3 }]).map((row) => ['rooms', row] as const),
    ...usersTable.rows([{ op: 'upsert', person: who, run: 3 }]).map((row) => ['users', row] as const),
    ...roomMembersTable
      .rows([{ op: 'upsert', member: inRoom, firstRun: 1, lastRun: 3, run: 3 }])
      .map((row) => ['room_members', row] as const),
  ];
}

describe('pseudonymize', () => {
  it.each([
    ['of people', null],
    ['of the server', 'au'],
  ])('leaves no name in any column of a message %s, and nothing else is changed', (_, type) => {
    const before = rowsOf({ ...message, type }, room, person, member);
    const pseudonymous = step.message?.({ ...message, type });
    if (pseudonymous === null || pseudonymous === undefined) throw new Error('Expected a message');
    const after = rowsOf(
      pseudonymous,
      step.room?.(room) ?? room,
      step.person?.(person) ?? person,
      step.member?.(member) ?? member,
    );
    expect(after.map(([table]) => table)).toEqual(before.map(([table]) => table));
    for (const [index, [table, row]] of after.entries()) {
      for (const [column, value] of Object.entries(row)) {
        const was = before[index]?.[1][column];
        const isKept = JSON.stringify(value) === JSON.stringify(was);
        const found = value === null && was !== null ? 'emptied' : isKept ? 'kept' : 'hidden';
        const allowed = Object.entries(columns).flatMap(([name_, list]) => (list.includes(column) ? [name_] : []));
        expect([table, column, [found]]).toEqual([table, column, allowed]);
        expect([table, column, JSON.stringify(value).includes(name)]).toEqual([table, column, false]);
      }
    }
  });
});
