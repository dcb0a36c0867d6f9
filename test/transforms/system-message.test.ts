import { describe, expect, it } from '@jest/globals';
import { flattenRaw } from '../support/messages/raw-message.ts';

const u = { _id: 'u1', username: 'jane' };
const actor = { systemActorId: 'u1', systemActorUsername: 'jane' };

describe('system messages', () => {
  it.each([
    ['au', { msg: 'joe' }, 'joe', null],
    ['ru', { msg: 'joe' }, 'joe', null],
    ['user-muted', { msg: 'joe' }, 'joe', null],
    ['removed-user-from-team', { msg: 'joe' }, 'joe', null],
    ['subscription-role-added', { msg: 'joe', role: 'owner' }, 'joe', 'owner'],
    ['r', { msg: 'new-name' }, null, 'new-name'],
    ['room_changed_topic', { msg: 'on call' }, null, 'on call'],
    ['user-added-room-to-team', { msg: 'ops' }, null, 'ops'],
    ['discussion-created', { msg: 'Why?', drid: 'r2' }, null, 'Why?'],
    ['omnichannel_placed_chat_on_hold', { msg: '', comment: 'waiting' }, null, 'waiting'],
    ['uj', { msg: 'jane' }, null, null],
    ['room-archived', { msg: '' }, null, null],
    // Of a server to come: nobody knows what its msg is.
    ['something-new', { msg: 'x' }, null, null],
  ])('of type %s say who did what: %j', (t, fields, systemTarget, systemValue) => {
    expect(flattenRaw({ t, u, ...fields })).toMatchObject({
      ...{ isSystem: true, ...actor, systemTarget, systemValue, extra: null, badFields: [] },
    });
  });

  it('of type rm name who deleted the message, whose sender stays its sender', () => {
    expect(flattenRaw({ t: 'rm', u, msg: '', editedBy: { _id: 'u2', username: 'joe' } })).toMatchObject({
      ...{ isSystem: true, userId: 'u1', systemActorId: 'u2', systemActorUsername: 'joe' },
    });
  });

  it.each([undefined, 'e2e'])('are none of type %s', (t) => {
    expect(flattenRaw({ t, u, msg: 'x', role: 'owner', comment: 'c' })).toMatchObject({
      ...{ isSystem: false, systemActorId: null, systemActorUsername: null, systemTarget: null, systemValue: null },
      extra: { role: 'owner', comment: 'c' },
    });
  });
});
