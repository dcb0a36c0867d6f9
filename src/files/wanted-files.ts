import { attachmentFolderOf } from '../archive/paths/attachment-path.ts';
import type { AttachmentOptions } from '../model/files/attachment-options.ts';
import { hasNoPicture, isAvatar } from '../model/files/avatar.ts';
import type { FileReference } from '../model/files/file-reference.ts';
import { compileGlob } from '../rocketchat/rooms/glob.ts';
import type { ArchivedFiles } from './archived-files.ts';
import { FileFolders } from './file-folders.ts';

/** A file to be saved, and where. */
export interface WantedFile {
  readonly reference: FileReference;
  /** Below `_files`. */
  readonly folder: string;
}

/** What a run sets out to save. */
export interface WantedFiles {
  readonly wanted: readonly WantedFile[];
  /** Whether earlier runs saved a file. */
  readonly isSavedBefore: (fileId: string) => boolean;
}

/** What a room is called now, besides the name in the row of a message; undefined: nobody knows. */
type RoomNameOf = (roomId: string) => string | undefined;

/**
 * The files that a run sets out to save, each once: those that earlier runs could not save, those that they did not look
 * for, and those that its own messages show; without what the job does not ask for, and what the archive has.
 */
export function wantedFiles(
  shown: readonly FileReference[],
  archived: ArchivedFiles,
  options: AttachmentOptions,
  roomNameOf: RoomNameOf = (id) => archived.roomNames.get(id),
): WantedFiles {
  const saved = new Set(archived.savedPaths.flatMap((path) => attachmentFolderOf(path) ?? []));
  const folders = new FileFolders(saved);
  const isAsked = filterOf(options, roomNameOf);
  // The message is gone, and its file with it.
  const again = [...archived.unsaved.values()]
    .filter((unsaved) => unsaved.status !== 'gone' && !hasNoPicture(unsaved))
    .map(({ reference }) => reference);
  const over = new Set(
    [...archived.unsaved.values()].filter(({ status }) => status === 'gone').map(({ reference }) => reference.fileId),
  );
  const wanted = new Map<string, WantedFile>();
  for (const reference of [...again, ...archived.unlooked, ...shown]) {
    const { fileId } = reference;
    if (wanted.has(fileId) || over.has(fileId) || !isAsked(reference)) continue;
    const folder = folders.nameFor(fileId);
    if (!saved.has(folder)) wanted.set(fileId, { reference, folder });
  }
  return { wanted: [...wanted.values()], isSavedBefore: (fileId) => saved.has(folders.nameFor(fileId)) };
}

function filterOf(
  { types, rooms, avatars }: AttachmentOptions,
  roomNameOf: RoomNameOf,
): (reference: FileReference) => boolean {
  const isOfType = anyOf(types ?? ['*']);
  const included = rooms?.filter((pattern) => !pattern.startsWith('!')) ?? [];
  const excluded = rooms?.filter((pattern) => pattern.startsWith('!')).map((pattern) => pattern.slice(1)) ?? [];
  const isIncluded = anyOf(included.length === 0 ? ['*'] : included);
  const isExcluded = anyOf(excluded);
  return ({ mimeType, roomId, roomName, ...reference }) => {
    if (isAvatar(reference)) return avatars === true;
    const names = [roomId ?? '', roomName ?? '', (roomId === null ? undefined : roomNameOf(roomId)) ?? ''];
    return isOfType((mimeType ?? '').toLowerCase()) && names.some(isIncluded) && !names.some(isExcluded);
  };
}

/** Also what is spelt as it is: rooms may be named `[ops]` or `what?`. */
function anyOf(patterns: readonly string[]): (text: string) => boolean {
  const exact = new Set(patterns);
  const globs = patterns.map(compileGlob);
  return (text) => exact.has(text) || globs.some((matches) => matches(text));
}
