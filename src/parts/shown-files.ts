import { roomAvatar, userAvatar } from '../model/files/avatar.ts';
import { isFileKind } from '../model/flat-message.ts';
import type { FileReference } from '../model/files/file-reference.ts';
import type { FlatMessage } from '../model/flat-message.ts';

/** Whether what is attached is a file that the server has, or had. */
export function isFile({ kind, file_id: id }: FlatMessage['attachments'][number]): boolean {
  return isFileKind(kind) && id !== null;
}

/** Collects the files that the messages of a run show, each once, and the messages that are gone. */
export class ShownFiles {
  readonly #references = new Map<string, FileReference>();
  readonly #avatars = new Map<string, FileReference>();
  readonly #gone = new Set<string>();
  readonly #dropped: ReadonlySet<string>;

  /** @param dropped names of columns that the job leaves out: names of files stay out of their paths, too */
  constructor(dropped: ReadonlySet<string>) {
    this.#dropped = dropped;
  }

  get references(): readonly FileReference[] {
    return [...this.#references.values()];
  }

  get avatars(): readonly FileReference[] {
    return [...this.#avatars.values()];
  }

  get goneMessageIds(): readonly string[] {
    return [...this.#gone];
  }

  note(message: FlatMessage): void {
    if (message.op === 'delete') this.#gone.add(message.id);
    else this.#noteAvatars(message);
    if (message.attachments.length === 0 || message.versionOf !== null) return;
    const isNamed = !this.#dropped.has('name') && !this.#dropped.has('title');
    for (const attachment of message.attachments) {
      const { file_id: fileId } = attachment;
      if (fileId === null || !isFile(attachment) || this.#references.has(fileId)) continue;
      const { title, mime_type: mimeType, size_bytes: sizeBytes } = attachment;
      const { id: messageId, roomId, roomName } = message;
      const name = isNamed ? title : null;
      this.#references.set(fileId, { fileId, messageId, roomId, roomName, name, mimeType, sizeBytes });
    }
  }

  /** By their newest names, under which the server has them. Nobody changes those of direct rooms: they are the people's. */
  #noteAvatars({ userId, username, roomId, roomName, roomType }: FlatMessage): void {
    const isNamed = !this.#dropped.has('name') && !this.#dropped.has('username') && !this.#dropped.has('user_id');
    if (isNamed && userId !== null && username !== null) {
      const known = this.#avatars.get(userId);
      // Of every message: nearly all are of somebody known.
      if (known?.name !== username) this.#avatars.set(userId, userAvatar(userId, username));
    }
    if (roomType === 'direct' || this.#dropped.has('name') || this.#avatars.has(roomId)) return;
    this.#avatars.set(roomId, roomAvatar(roomId, roomName));
  }
}
