import type { SeenRooms } from './seen-rooms.ts';

/** What a run says of rooms that the login has not joined: how many it left out, and which lists of them were refused. */
export function scopeNotes({
  channelsLeftOut,
  refused,
}: Pick<SeenRooms, 'channelsLeftOut' | 'refused'>): readonly string[] {
  return [
    ...(channelsLeftOut === null || channelsLeftOut === 0
      ? []
      : [
          `${channelsLeftOut} public ${channelsLeftOut === 1 ? 'channel was' : 'channels were'} left out, which this login has not joined: "scope: readable" reads such channels, too, and discussions of rooms that it can read.`,
        ]),
    ...refused,
  ];
}
