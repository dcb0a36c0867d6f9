import { expect, it } from '@jest/globals';
import { memberEndpoints } from '../../../src/plan/people/member-endpoints.ts';

it.each([
  ['private', ['rooms.membersOrderedByRole', 'groups.members']],
  ['channel', ['rooms.membersOrderedByRole', 'channels.members']],
  ['direct', ['im.members']],
  ['livechat', []],
  ['voip', []],
] as const)('members of a room of type %s are listed by %j', (type, names) =>
  expect(memberEndpoints(type)).toEqual(names),
);
