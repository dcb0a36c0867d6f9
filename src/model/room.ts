/** What kind of room a message lives in; the wire's one-letter `t` in words. */
export const roomTypes = { p: 'private', c: 'channel', d: 'direct', l: 'livechat', v: 'voip' } as const;

/** What kind of room it is; `direct` has two people or more. */
export type RoomType = (typeof roomTypes)[keyof typeof roomTypes];

/** Of a public channel a discussion is public, of all else it is not. Source: app/discussion/server/methods/createDiscussion.ts */
export const discussionKinds = ['public', 'private'] as const;

/** Whom a discussion is open to. */
export type DiscussionKind = (typeof discussionKinds)[number];

/** A discussion that a message started. */
export interface StartedDiscussion {
  readonly name: string;
  readonly kind: DiscussionKind;
}

/** What the room list shows of a room beside what reading it takes; null where it does not. */
export interface RoomDetails {
  readonly topic: string | null;
  readonly description: string | null;
  /** Id of the user who created it. */
  readonly ownerId: string | null;
  /** Epoch milliseconds. */
  readonly createdAtMs: number | null;
  /** The server's own counter. */
  readonly membersCount: number | null;
  readonly readOnly: boolean | null;
  readonly teamId: string | null;
}

/** A room this login can see, as a list of rooms shows it. */
export interface Room {
  readonly id: string;
  /** The name a person uses for it; for a direct room the other people's usernames. */
  readonly name: string;
  /** What the client shows, where that is another one (`fname`): job files may use either. */
  readonly displayName?: string;
  /** Names it had before, as an archive remembers them: job files may still use them. */
  readonly formerNames?: readonly string[];
  readonly type: RoomType;
  readonly archived: boolean;
  /**
   * Set when the login has a subscription that does not let it read: an invitation that was not accepted, or a ban. The
   * server lists such a room and refuses every read of it. Source: core-typings, ISubscription.ts (`status`)
   */
  readonly withheld?: 'invited' | 'banned';
  /** Set when the login has no subscription to the room, and can read it all the same. */
  readonly unjoined?: true;
  /** Types of messages that its history leaves out, where that is not for the workspace to say (`sysMes`). */
  readonly hiddenTypes?: readonly string[];
  /** Set when the room is a discussion: the room it belongs to. */
  readonly parentId: string | null;
  /** The server's own counter; not exact, good enough for an estimate. Absent from subscription lists. */
  readonly messageCount: number | null;
  /** Epoch milliseconds of the newest message the server knows of, where the list shows it. */
  readonly lastMessageAtMs: number | null;
  /** Epoch milliseconds of the last change of the room itself, by the server's clock. */
  readonly updatedAtMs: number | null;
  /**
   * Differs as soon as a message is posted, imported or deleted, or the newest one changes; an edit or a reaction further
   * up leaves no trace in it. null when the room list does not show it.
   */
  readonly changeMark: string | null;
  /** Absent where the list shows none of it, as subscriptions do. */
  readonly details?: RoomDetails;
}

/** A room that a job finds and cannot read. */
export interface LeftOut {
  readonly room: string;
  /** The sentence that the manifest has, too. */
  readonly note: string;
  /** Whether the job names this room, or finds no other: then somebody expects its messages. */
  readonly isExpected: boolean;
}
