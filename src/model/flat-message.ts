import type { RawMessage } from './message.ts';
import type { JsonValue } from './json/json-value.ts';

/** A person, team, or all or here, whom a message mentions. */
export interface FlatMention {
  readonly id: string | null;
  readonly username: string | null;
  readonly name: string | null;
  readonly type: 'user' | 'team' | 'all' | 'here';
}

/** A reaction to a message, and who had it. */
export interface FlatReaction {
  /** As the server names it: `:tada:`. */
  readonly emoji: string;
  readonly count: number;
  readonly usernames: readonly string[];
  /** Real names, parallel to `usernames` where the server sends them (null for a user who has none); else empty. */
  readonly names: readonly (string | null)[];
}

/** Those of attachments that are files which the server has, or had. */
const fileKinds = ['image', 'audio', 'video', 'file'] as const;

/** What an attachment is: a file, one that was removed, a message that is quoted, or a card of text (`rich`). */
export type AttachmentKind = (typeof fileKinds)[number] | 'removed' | 'quote' | 'rich';

export function isFileKind(kind: string): boolean {
  return fileKinds.some((one) => one === kind);
}

/** An attachment of a message, as the table of attachments has it. */
export interface FlatAttachment {
  readonly kind: AttachmentKind;
  readonly title: string | null;
  readonly author: string | null;
  readonly text: string | null;
  readonly url: string | null;
  /** Every address it holds, `url` among them. */
  readonly urls: readonly string[];
  readonly mime_type: string | null;
  readonly size_bytes: number | null;
  readonly file_id: string | null;
}

/** An address in a message. */
export interface FlatLink {
  readonly url: string;
  readonly label: string | null;
}

/** Who did what in a message that the server wrote itself; all null in people's own. */
export interface SystemMessage {
  readonly systemActorId: string | null;
  readonly systemActorUsername: string | null;
  /** Username of whom it was done to. */
  readonly systemTarget: string | null;
  /** What it was set to: a topic, a name, a role. */
  readonly systemValue: string | null;
}

/** Which room, run and operation a row belongs to: the same for every row of a message. */
export interface RowContext {
  readonly roomId: string;
  readonly roomName: string;
  /** What clients show: of a discussion, whose name is random letters, its title. */
  readonly roomTitle: string;
  readonly roomType: string;
  readonly run: number;
}

/**
 * A message with everything the tables need taken out of it, once: what columns are read from, and what a step of your
 * own is given and returns. The type stands here because transforms and tables both know it, and neither may know the
 * other.
 */
export interface FlatMessage extends RowContext, SystemMessage {
  readonly id: string;
  readonly ts: Date;
  readonly op: 'upsert' | 'delete';
  /** Of a tombstone, when the message was deleted, where the server reports it. */
  readonly deletedAt: Date | null;
  /** Of an edit-history clone: the id of the message that it is an earlier version of. */
  readonly versionOf: string | null;
  readonly raw: RawMessage;

  readonly updatedAt: Date | null;
  readonly userId: string | null;
  readonly username: string | null;
  readonly userName: string | null;
  readonly alias: string | null;
  readonly type: string | null;
  /** Whether the server wrote it itself. */
  readonly isSystem: boolean;
  readonly isBot: boolean;
  readonly botId: string | null;
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
  readonly threadFollowerIds: readonly string[];
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
  readonly quotedMessageIds: readonly string[];
  readonly urls: readonly string[];
  readonly location: JsonValue;
  readonly encrypted: boolean;
  readonly content: JsonValue;
  readonly e2eMentions: JsonValue;
  readonly translations: JsonValue;
  readonly omnichannel: JsonValue;
  readonly customFields: JsonValue;
  readonly imported: boolean;
  /**
   * Every top-level field that has no column, what is left of those that columns are read from (`{urls: [{meta: …}]}`),
   * and the raw value of every field of a wrong type; null when none.
   */
  readonly extra: JsonValue;
  readonly md: JsonValue;
  /** Names of top-level fields whose value had a wrong type: counted in the manifest. */
  readonly badFields: readonly string[];
}
