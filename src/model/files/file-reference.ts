/** A file that a message shows, as the message describes it. */
export interface FileReference {
  readonly fileId: string;
  readonly messageId: string | null;
  readonly roomId: string | null;
  /** For the job's `attachments.rooms`. */
  readonly roomName: string | null;
  readonly name: string | null;
  readonly mimeType: string | null;
  readonly sizeBytes: number | null;
}

export const fileStatuses = ['saved', 'differs', 'missing', 'forbidden', 'too-large', 'refused', 'gone'] as const;

/**
 * What became of a file. `saved`; `differs`: saved, and its size is not what the message says; `missing`: the server does
 * not have it, or could not give it; `forbidden`: it does not give it to this login; `too-large`: larger than the job
 * allows; `refused`: what came is not the file; `gone`: its message was deleted before it could be saved.
 */
export type FileStatus = (typeof fileStatuses)[number];

/** What became of a file, and where it lies if it was saved. */
export interface FileOutcome {
  readonly fileId: string;
  readonly status: FileStatus;
  /** Relative to the archive; null: it was not saved. */
  readonly path: string | null;
  /** Of what was saved; null: nothing was. */
  readonly sizeBytes: number | null;
  /** As the server gave it, of what no message describes. */
  readonly mimeType?: string;
  /** Lower-case hex; null: it was not saved. */
  readonly sha256: string | null;
  /** Why it was not saved, or how it differs, in a clause. */
  readonly error: string | null;
}

/** Whether its content is in the archive. */
export function isSaved({ status }: Pick<FileOutcome, 'status'>): boolean {
  return status === 'saved' || status === 'differs';
}
