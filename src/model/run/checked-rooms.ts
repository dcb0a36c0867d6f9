/** Rooms that a check tries of each endpoint: a minute's worth of calls at the usual limit, so that none of them waits. */
export const checkedRooms = 10;
