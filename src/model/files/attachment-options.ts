/** Which files of messages a run saves. Empty: all of them. */
export interface AttachmentOptions {
  /** Larger ones stay on the server. */
  readonly maxBytes?: number;
  /** Media types, as globs: `image/*`. */
  readonly types?: readonly string[];
  /** Ids, names or globs of rooms; a leading `!` excludes. */
  readonly rooms?: readonly string[];
  /** Also the pictures of those who sent the messages, and of the rooms. */
  readonly avatars?: true;
}
