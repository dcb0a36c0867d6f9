import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Room } from '../../../src/model/room.ts';
import { parseMessage } from '../../../src/model/message.ts';
import type { FlatMessage } from '../../../src/model/flat-message.ts';
import { messageTables } from '../../../src/tables/tables.ts';
import { flatten } from '../../../src/transforms/flatten.ts';
import { pseudonymizeStep } from '../../../src/transforms/steps/pseudonymize.ts';
import { context, flattenRaw } from '../../support/messages/raw-message.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';

const key = 'a key of sixteen characters and more';
const step = pseudonymizeStep(key);

function pseudonymize(message: FlatMessage): FlatMessage {
  const changed = step.message?.(message);
  if (changed === undefined || changed === null) throw new Error('The message was dropped');
  return changed;
}

/** Computed beside the program. */
function pseudonym(text: string, prefix = 'u_'): string {
  return (
    prefix +
    createHmac('sha256', key)
      .update(JSON.stringify(prefix + text))
      .digest('hex')
      .slice(0, 12)
  );
}

const anna = { _id: 'aNNaAnnaaNNaAnna1', username: 'anna.b', name: 'Anna Berg' };
const bo = { _id: 'bObObObObObObObO2', username: 'bo-2', name: '結城 ゆき' };
const cleo = { _id: 'cLeOcLeOcLeOcLeO3', username: 'cleo', name: "Cleo O'Hara (she)" };

describe('pseudonymize', () => {
  it('gives the same name the same pseudonym in every column, and another under another key', () => {
    const message = pseudonymize(
      flattenRaw({
        u: anna,
        msg: 'from @bo-2 to @anna.b.',
        mentions: [bo, { _id: 'all', username: 'all' }],
        reactions: { ':tada:': { usernames: [anna.username], names: [anna.name] } },
        editedBy: anna,
        pinnedBy: bo,
        starred: [{ _id: bo._id }],
      }),
    );
    expect(message).toMatchObject({
      userId: pseudonym(anna._id),
      username: pseudonym(anna.username),
      userName: pseudonym(anna.name),
      msg: `from @${pseudonym(bo.username)} to @${pseudonym(anna.username)}.`,
      text: `from @${pseudonym(bo.username)} to @${pseudonym(anna.username)}.`,
      reactions: [{ usernames: [pseudonym(anna.username)], names: [pseudonym(anna.name)] }],
      editedById: pseudonym(anna._id),
      editedByUsername: pseudonym(anna.username),
      pinnedByUsername: pseudonym(bo.username),
      starredByIds: [pseudonym(bo._id)],
    });
    expect(message.mentions[0]).toMatchObject({ id: pseudonym(bo._id), name: pseudonym(bo.name) });
    expect(message.mentions[1]).toMatchObject({ id: 'all', username: 'all', type: 'all' });
    const other = pseudonymizeStep(`${key}!`);
    expect(other.message?.(flattenRaw({ u: anna }))?.userId).not.toBe(message.userId);
    expect(other.settings).not.toEqual(step.settings);
    expect(JSON.stringify(step.settings)).not.toContain(key);
  });

  it.each([
    ['no mention', 'write to post@example.org, @ all', 'write to post@example.org, @ all'],
    ['everybody', '@all and @here', '@all and @here'],
    ['the end of a sentence', 'ask @bo-2.', `ask @${pseudonym('bo-2')}.`],
    ['brackets', '(@bo-2)', `(@${pseudonym('bo-2')})`],
    ['another server', '@bo-2:matrix.org!', `@${pseudonym('bo-2:matrix.org')}!`],
    ['two in a row', '@x @x', `@${pseudonym('x')} @${pseudonym('x')}`],
    ['the name of the sender', 'Anna Berg, not Anna Bergen', `${pseudonym('Anna Berg')}, not Anna Bergen`],
    ['a script without spaces', 'Anna Berg', pseudonym('Anna Berg')],
    [
      'a direct room named as a group',
      `https://c.example/group/${'a'.repeat(34)}?msg=m1`,
      `https://c.example/group/${pseudonym('a'.repeat(34), 'd_')}?msg=m1`,
    ],
    [
      'a direct room by its id',
      'https://c.example/direct/abcdef?msg=m1',
      `https://c.example/direct/${pseudonym('abcdef', 'd_')}?msg=m1`,
    ],
    ['a picture', '/avatar/someone?size=1', `/avatar/${pseudonym('someone', 'd_')}?size=1`],
  ])('knows %s in a text', (_, msg, expected) => {
    expect(pseudonymize(flattenRaw({ u: anna, msg })).msg).toBe(expected);
  });

  it('replaces the text of a system message, which is a name, but no topic and no title', () => {
    const said = (t: string) => pseudonymize(flattenRaw({ t, msg: 'dana', u: anna })).msg;
    for (const t of ['uj', 'au', 'ru', 'ul', 'user-muted', 'wm', 'a-type-of-tomorrow'])
      expect(said(t)).toBe(pseudonym('dana'));
    for (const t of ['r', 'room_changed_topic', 'discussion-created', 'rm']) expect(said(t)).toBe('dana');
  });

  it('finds a name of the message in a text whatever the case of its letters, and as one person', () => {
    const said = (msg: string) => pseudonymize(flattenRaw({ msg, u: anna })).msg;
    const [name, username] = [pseudonym('Anna Berg'), pseudonym('anna.b')];
    expect(said('ANNA BERG and anna berg: Anna Berg')).toBe(`${name} and ${name}: ${name}`);
    expect(said('write to Anna.B, not to Annabelle')).toBe(`write to ${username}, not to Annabelle`);
  });

  it('hides the people of a direct room in its name and its id, and leaves other rooms as they are', () => {
    const raw = { _id: 'm1', rid: anna._id + bo._id, ts: '2024-02-29T12:00:00.123Z' };
    const direct = flatten(parseMessage(raw), {
      ...context,
      roomId: raw.rid,
      roomName: 'anna.b, bo-2',
      roomType: 'direct',
    });
    expect(pseudonymize(direct)).toMatchObject({
      roomId: pseudonym(raw.rid, 'd_'),
      roomName: `${pseudonym('anna.b')}, ${pseudonym('bo-2')}`,
    });
    expect(pseudonymize(flattenRaw({}))).toMatchObject({ roomId: context.roomId, roomName: context.roomName });
    const room: Room = {
      ...{ id: raw.rid, name: 'anna.b', type: 'direct', archived: false },
      ...{ parentId: null, messageCount: 1, lastMessageAtMs: null, updatedAtMs: null, changeMark: null },
    };
    expect(step.room?.(room)).toMatchObject({ id: pseudonym(raw.rid, 'd_'), name: pseudonym('anna.b') });
    expect(step.room?.({ ...room, id: 'talk', name: 'talk', type: 'private', parentId: raw.rid })).toMatchObject({
      ...{ id: 'talk', name: 'talk', parentId: pseudonym(raw.rid, 'd_') },
    });
  });

  it('empties what nobody can search: extra, md and the raw message', () => {
    const message = pseudonymize(flattenRaw({ avatar: '/x', md: [{ type: 'PARAGRAPH', value: [] }], u: anna }));
    expect(message).toMatchObject({ extra: null, md: null, raw: {} });
  });

  it('lets no id, username or name of a user through, wherever the server puts it', () => {
    const users = fc.constantFrom(anna, bo, cleo);
    const name = fc.constantFrom(...[anna, bo, cleo].flatMap((user) => [user.username, user.name, user._id]));
    const around = fc.tuple(
      fc.constantFrom('', ' ', '(', '\n', 'see '),
      fc.constantFrom('', ' ', ', ', '!', '\n', ')'),
    );
    const aboutThemselves = (user: typeof anna) =>
      around.map(([before, after]) => `${before}${user.name}${after} ${before}${user.username}${after}`);
    const mentioned = fc.tuple(users, around).map(([{ username }, [before, after]]) => `${before}@${username}${after}`);
    const quote = fc.tuple(users, mentioned).map(([user, text]) => ({
      ...{ author_name: user.username, text, message_link: `https://c.example/direct/${user._id}${anna._id}?msg=x` },
      attachments: [{ author_name: user.name, text: user.name }],
    }));
    const message = users.chain((u) =>
      fc.record(
        {
          u: fc.constant(u),
          msg: fc.oneof(mentioned, aboutThemselves(u)),
          t: fc.constantFrom('uj', 'ru', 'message_pinned'),
          alias: name,
          mentions: fc.array(users),
          reactions: users.map((r) => ({ ':+1:': { usernames: [r.username], names: [r.name] } })),
          editedBy: users,
          pinnedBy: users,
          starred: fc.array(users.map(({ _id }) => ({ _id }))),
          replies: fc.array(users.map(({ _id }) => _id)),
          attachments: fc.array(quote),
          urls: fc.array(users.map(({ username }) => ({ url: `https://c.example/avatar/${username}` }))),
          md: mentioned.map((value) => [{ type: 'PARAGRAPH', value: [{ type: 'PLAIN_TEXT', value }] }]),
          customFields: name,
        },
        { requiredKeys: ['u'] },
      ),
    );
    const tables = Object.values(messageTables({ md: true }));
    fc.assert(
      fc.property(message, (raw) => {
        const changed = pseudonymize(flattenRaw(raw));
        const written = JSON.stringify(tables.map((table) => table.rows([changed])));
        for (const user of [anna, bo, cleo]) {
          for (const value of Object.values(user)) expect(written).not.toContain(JSON.stringify(value).slice(1, -1));
        }
      }),
      { numRuns: quickOrLong(60, 1500) },
    );
  });
});
