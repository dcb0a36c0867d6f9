import type { FileReference } from './file-reference.ts';

/** Begins the ids of avatars among those of files: no upload has a colon in its own. */
const prefixes = { user: 'avatar:user:', room: 'avatar:room:' } as const;

/** By which an avatar is known, and listed, as long as nobody asks for a newer one. */
export function avatarId(of: keyof typeof prefixes, id: string): string {
  return prefixes[of] + id;
}

/** The picture of who sent a message. */
export function userAvatar(userId: string, username: string): FileReference {
  const unknown = { messageId: null, roomId: null, roomName: null, mimeType: null, sizeBytes: null };
  return { fileId: avatarId('user', userId), name: username, ...unknown };
}

/** The picture of a room, of its own or of the one that it is a discussion of. */
export function roomAvatar(roomId: string, roomName: string): FileReference {
  const unknown = { messageId: null, mimeType: null, sizeBytes: null };
  return { fileId: avatarId('room', roomId), name: roomName, roomId, roomName, ...unknown };
}

/** Whether it is one, and no file of a message, whatever id somebody gave that. */
export function isAvatar({ fileId, messageId }: Pick<FileReference, 'fileId' | 'messageId'>): boolean {
  return messageId === null && Object.values(prefixes).some((prefix) => fileId.startsWith(prefix));
}

/** Of who has none. It is nothing that an archive lacks. */
export const noPicture = 'there is none: the server draws letters';

/** Whether the server has no such picture: one is looked for again when somebody sends another message. */
export function hasNoPicture({ reference, error }: Unsaved): boolean {
  return isAvatar(reference) && error === noPicture;
}

interface Unsaved {
  readonly reference: Pick<FileReference, 'fileId' | 'messageId'>;
  readonly error: string | null;
}

/**
 * Where the server shows it; undefined: nowhere.
 *
 * Source: apps/meteor/server/routes/avatar/index.ts
 */
export function avatarAddress({ fileId, name }: Pick<FileReference, 'fileId' | 'name'>): string | undefined {
  const roomId = fileId.startsWith(prefixes.room) ? fileId.slice(prefixes.room.length) : undefined;
  const key = roomId ?? name ?? '';
  // These would lead to another address; `@` asks for drawn letters.
  if (/^(\.{0,2}$|@)/.test(key) || /\p{Cs}/u.test(key)) return undefined;
  return `/avatar/${roomId === undefined ? '' : 'room/'}${encodeURIComponent(key)}`;
}
