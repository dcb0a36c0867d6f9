import { JobError } from '../errors.ts';
import type { ExtractEntry } from '../job/job.ts';
import type { RocketChat } from '../model/rocketchat.ts';

/**
 * Of the stars of a message the server shows a user only their own, so no answer can be checked for somebody else's,
 * and a server that ignores the filter (before 7.0) could not be told apart from one that does not.
 *
 * Source: apps/meteor/app/utils/server/lib/normalizeMessagesForUser.ts
 *
 * @throws JobError for `starredIds` that name anybody but the user of the login
 */
export function checkStarredIds(entries: readonly ExtractEntry[], user: RocketChat['user']): void {
  const others = entries.flatMap(({ starredIds = [] }) => starredIds.filter((id) => id !== user.id));
  if (others.length === 0) return;
  const named = [...new Set(others)].map((id) => `"${id}"`).join(', ');
  throw new JobError(`Cannot select messages by starredIds ${named}: expected only "${user.id}", the login's own id`, {
    hint: 'The server shows every user only their own stars: run a job for each login',
  });
}
