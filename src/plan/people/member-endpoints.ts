import type { RoomType } from '../../model/room.ts';

/**
 * The endpoints that list the members of a room, the best first; none: the server has no list of them. The first one for
 * groups and channels carries roles and takes archived rooms; older servers do not have it.
 * Source: apps/meteor/app/api/server/v1/rooms.ts, groups.ts, channels.ts, im.ts
 */
export function memberEndpoints(type: RoomType): readonly string[] {
  switch (type) {
    case 'private':
      return ['rooms.membersOrderedByRole', 'groups.members'];
    case 'channel':
      return ['rooms.membersOrderedByRole', 'channels.members'];
    case 'direct':
      return ['im.members'];
    case 'livechat':
    case 'voip':
      return [];
  }
}
