import type { Column } from '../../model/column.ts';
import { columnsOf } from '../define-column.ts';
import type { FlatMessage } from '../../model/flat-message.ts';

const column = columnsOf<FlatMessage>();

/** Columns of a message that say what belongs to it: its thread and discussion, who edited, pinned and starred it. */
export const contextColumns: readonly Column<FlatMessage>[] = [
  column(
    'thread_id',
    'string?',
    'tmid',
    'The message that started the thread this one replies in; null outside of threads.',
    (m) => m.threadId,
  ),
  column('thread_shown', 'boolean?', 'tshow', 'Whether a thread reply is shown in the room too.', (m) => m.threadShown),
  column('thread_count', 'int?', 'tcount', 'Replies in the thread this message started.', (m) => m.threadCount),
  column(
    'thread_last_at',
    'timestamp?',
    'tlm',
    'When the thread this message started was last replied to.',
    (m) => m.threadLastAt,
  ),
  column(
    'thread_follower_ids',
    'list<string>',
    'replies',
    'Ids of the users who follow the thread this message started.',
    (m) => m.threadFollowerIds,
  ),
  column('discussion_id', 'string?', 'drid', 'Room of the discussion this message started.', (m) => m.discussionId),
  column('discussion_count', 'int?', 'dcount', 'Messages in that discussion.', (m) => m.discussionCount),
  column(
    'discussion_last_at',
    'timestamp?',
    'dlm',
    'When that discussion last had a message.',
    (m) => m.discussionLastAt,
  ),
  column(
    'edited_at',
    'timestamp?',
    'editedAt',
    'When it was last edited, or deleted with its place kept (`type` `rm`).',
    (m) => m.editedAt,
  ),
  column('edited_by_id', 'string?', 'editedBy._id', 'Id of the user who did.', (m) => m.editedById),
  column(
    'edited_by_username',
    'string?',
    'editedBy.username',
    'Username of the user who did.',
    (m) => m.editedByUsername,
  ),
  column('pinned', 'boolean', 'pinned', 'Whether it is pinned to the room.', (m) => m.pinned),
  column('pinned_at', 'timestamp?', 'pinnedAt', 'When it was last pinned or unpinned.', (m) => m.pinnedAt),
  column(
    'pinned_by_username',
    'string?',
    'pinnedBy.username',
    'Who last pinned or unpinned it.',
    (m) => m.pinnedByUsername,
  ),
  column(
    'starred_by_ids',
    'list<string>',
    'starred[]._id',
    'Ids of the users who starred it, as far as the endpoint reports them.',
    (m) => m.starredByIds,
  ),
];
