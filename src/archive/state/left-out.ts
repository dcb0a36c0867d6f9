/**
 * Why a run did not read a room: no entry of the job names it; an entry does, but not for rooms of its kind; the login
 * has not joined it, is only invited, or has been banned; the server refuses it; it is no longer there.
 */
export const leftOutReasons = [
  'no-entry',
  'kind-not-asked',
  'not-joined',
  'invited',
  'banned',
  'refused',
  'gone',
] as const;

/** Why a room is not read. */
export type LeftOutReason = (typeof leftOutReasons)[number];
