import type { RawMessage } from '../rocketchat/message.ts';
import type { JsonValue } from './column.ts';

export interface FlatMention {
  readonly id: string | null;
  readonly username: string | null;
  readonly name: string | null;
  readonly type: 'user' | 'team' | 'all' | 'here';
}

export interface FlatReaction {
  /** As the server names it: `:tada:`. */
  readonly emoji: string;
  readonly count: number;
  readonly usernames: readonly string[];
  /** Real names, parallel to `usernames` where the server sends them (null for a user who has none); else empty. */
  readonly names: readonly (string | null)[];
}

export interface FlatAttachment {
  readonly kind: 'image' | 'audio' | 'video' | 'file' | 'removed' | 'quote' | 'rich';
  readonly title: string | null;
  readonly text: string | null;
  readonly url: string | null;
  readonly mime_type: string | null;
  readonly size_bytes: number | null;
  readonly file_id: string | null;
}

export interface FlatLink {
  readonly url: string;
  readonly label: string | null;
}

/** Which room, run and operation a row belongs to: the same for every row of a message. */
export interface RowContext {
  readonly roomId: string;
  readonly roomName: string;
  readonly roomType: string;
  readonly run: number;
}

/**
 * A message with everything the tables need taken out of it, once. Made by the transform stage, read by columns: the
 * type stands here because both know it and neither may know the other.
 */
export interface FlatMessage extends RowContext {
  readonly id: string;
  readonly ts: Date;
  readonly op: 'upsert' | 'delete';
  /** Of an edit-history clone: the id of the message that it is an earlier version of. */
  readonly versionOf: string | null;
  readonly raw: RawMessage;

  readonly updatedAt: Date | null;
  readonly userId: string | null;
  readonly username: string | null;
  readonly userName: string | null;
  readonly alias: string | null;
  readonly type: string | null;
  readonly msg: string | null;
  readonly text: string | null;
  readonly links: readonly FlatLink[];
  readonly emoji: readonly string[];
  readonly mentions: readonly FlatMention[];
  readonly channelIds: readonly string[];
  readonly channelNames: readonly string[];
  readonly reactions: readonly FlatReaction[];
  readonly threadId: string | null;
  readonly threadShown: boolean | null;
  readonly threadCount: number | null;
  readonly threadLastAt: Date | null;
  readonly discussionId: string | null;
  readonly discussionCount: number | null;
  readonly discussionLastAt: Date | null;
  readonly editedAt: Date | null;
  readonly editedById: string | null;
  readonly editedByUsername: string | null;
  readonly pinned: boolean;
  readonly pinnedAt: Date | null;
  readonly pinnedByUsername: string | null;
  readonly starredByIds: readonly string[];
  readonly attachments: readonly FlatAttachment[];
  readonly urls: readonly string[];
  readonly encrypted: boolean;
  /** Every top-level field that has no column, and the raw value of every field of a wrong type; null when none. */
  readonly extra: JsonValue;
  readonly md: JsonValue;
  /** Names of top-level fields whose value had a wrong type: counted in the manifest. */
  readonly badFields: readonly string[];
}
