import type { Column } from '../model/column.ts';
import type { FileOutcome, FileReference } from '../model/files/file-reference.ts';
import { columnsOf } from './define-column.ts';

/** A file that a run has saved, or tried to. */
export interface ExportedFile {
  readonly reference: FileReference;
  readonly outcome: FileOutcome;
  readonly run: number;
}

const column = columnsOf<ExportedFile>();

/** Columns of `files`: one row per file, and one more when a later run finds another status. */
export const fileColumns: readonly Column<ExportedFile>[] = [
  column(
    'file_id',
    'string',
    'files[]._id',
    'Id of the upload; of an avatar `avatar:user:` or `avatar:room:` and the id of whose it is.',
    ({ reference }) => reference.fileId,
  ),
  column(
    'message_id',
    'string?',
    '_id',
    'The message that shows it: of several the first. null: an avatar.',
    ({ reference }) => reference.messageId,
  ),
  column(
    'room_id',
    'string?',
    'rid',
    'The room of that message, or whose avatar it is.',
    ({ reference }) => reference.roomId,
  ),
  column(
    'name',
    'string?',
    'files[].name, title',
    'Its name, as the message has it; of an avatar that of the user or room.',
    ({ reference }) => reference.name,
  ),
  column(
    'mime_type',
    'string?',
    'files[].type, image_type…',
    'Media type, by the word of the message; of an avatar, of the server.',
    (file) => {
      return file.reference.mimeType ?? file.outcome.mimeType ?? null;
    },
  ),
  column(
    'size_bytes',
    'int?',
    'the file',
    'Size of what was saved; of what was not, what the message says.',
    ({ reference, outcome }) => outcome.sizeBytes ?? reference.sizeBytes,
  ),
  column('sha256', 'string?', 'the file', 'SHA-256 of what was saved, in hex.', ({ outcome }) => outcome.sha256),
  column('path', 'string?', 'the run', 'Where it lies in the archive: `_files/…`.', ({ outcome }) => outcome.path),
  column(
    'status',
    'string',
    'the run',
    '`saved`; `differs` (saved, and its size is not what the message says); `missing` (the server does not have it, or could not give it); `forbidden` (not for this login); `too-large` (for the job); `refused` (what came is not the file); `gone` (its message was deleted first).',
    ({ outcome }) => outcome.status,
  ),
  column('error', 'string?', 'the run', 'Why it was not saved, or how it differs.', ({ outcome }) => outcome.error),
  column('op', 'string', 'the run', 'Always `upsert`: the row replaces those of earlier runs.', () => 'upsert'),
  column('run', 'int', 'the run', 'Number of the run that wrote the row.', ({ run }) => run),
];
