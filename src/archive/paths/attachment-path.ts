import { archivePaths, isArchivePath } from '../paths.ts';

/** Where the file of a message lies: each has a folder of its own. */
export function attachmentPath(folder: string, name: string): string {
  return `${archivePaths.attachments}/${folder}/${name}`;
}

/** The name of its folder; undefined for any other path. */
export function attachmentFolderOf(path: string): string | undefined {
  const [attachments, folder, ...names] = path.split('/');
  return attachments === archivePaths.attachments && names.length === 1 && isArchivePath(path) ? folder : undefined;
}

/** Whether a path is that of a file of a message. */
export function isAttachmentPath(path: string): boolean {
  return attachmentFolderOf(path) !== undefined;
}
