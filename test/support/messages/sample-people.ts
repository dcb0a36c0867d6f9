import type { ExportedMember } from '../../../src/tables/people/room-members.ts';
import type { ExportedUser } from '../../../src/tables/people/users.ts';

export const exportedUser: ExportedUser = {
  op: 'upsert',
  person: {
    ...{ id: 'u1', username: 'ana', name: 'Ana', roles: ['user', 'admin'], type: 'user', active: true },
    ...{ utcOffsetMinutes: 345, source: 'list' },
  },
  run: 3,
};

export const exportedMember: ExportedMember = {
  op: 'upsert',
  member: {
    ...{ roomId: 'r1', roomType: 'private', userId: 'u1', username: 'ana', name: 'Ana', roles: ['owner'] },
    joinedAtMs: Date.UTC(2026, 0, 1),
  },
  ...{ firstRun: 1, lastRun: 3, run: 3 },
};
