import { type FileWithSchema, haveSameSchema, type StoredSchema } from './stored-schema.ts';
import type { ArchiveFile } from '../snapshot/archive-history.ts';
import { isOutdated } from './upgrade-schemas.ts';

/** Files beside each other whose rows may stand in one file. */
export interface RunOfFiles {
  readonly files: readonly ArchiveFile[];
  readonly schema: StoredSchema;
}

/**
 * Cuts a list of files where their schema changes. A file without rows goes with whatever it stands beside: it has no rows
 * to keep, and may not show all of its schema.
 */
export function splitIntoRuns(files: readonly FileWithSchema[]): readonly RunOfFiles[] {
  const runsOfFiles: { files: ArchiveFile[]; schema: StoredSchema; hasRows: boolean }[] = [];
  for (const { file, schema } of files) {
    const last = runsOfFiles.at(-1);
    const hasRows = file.rows > 0;
    if (last === undefined || (hasRows && last.hasRows && !haveSameSchema(last.schema, schema))) {
      runsOfFiles.push({ files: [file], schema, hasRows });
      continue;
    }
    last.files.push(file);
    // The newest one: what Parquet files say of themselves is taken from it.
    if (hasRows || !last.hasRows) last.schema = schema;
    last.hasRows ||= hasRows;
  }
  return runsOfFiles.map(({ files: own, schema }) => ({ files: own, schema }));
}

/**
 * The runs of files to rewrite, so that the files become as few as their schemas and `rowsPerFile` allow, and none is
 * outdated: from the first file on whose rewriting leaves fewer files or is due in any case. What is rewritten comes
 * behind what is not, so all that follows is rewritten, too; full files before it are not read again. Empty: there are as
 * few as can be.
 */
export function worthRewriting(runsOfFiles: readonly RunOfFiles[], rowsPerFile: number): readonly RunOfFiles[] {
  for (const [index, { files, schema }] of runsOfFiles.entries()) {
    const full = files.findIndex((file) => file.rows < rowsPerFile || isOutdated(file));
    const rest = full === -1 ? [] : files.slice(full);
    const rows = rest.reduce((sum, file) => sum + file.rows, 0);
    if (Math.max(1, Math.ceil(rows / rowsPerFile)) < rest.length || rest.some(isOutdated)) {
      return [{ files: rest, schema }, ...runsOfFiles.slice(index + 1)];
    }
  }
  return [];
}
