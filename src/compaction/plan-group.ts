import type { ArchiveFile } from '../snapshot/archive-history.ts';
import type { Row } from '../model/column.ts';
import type { FileGroup } from './file-groups.ts';
import { splitIntoRuns, worthRewriting, type RunOfFiles } from './runs-of-files.ts';
import type { FileWithSchema } from './stored-schema.ts';

/** What is to be done with a file group: its runs of files become new files, in this order. */
export interface GroupRewrite {
  readonly group: FileGroup;
  readonly runsOfFiles: readonly RewrittenFiles[];
  /** Which rows stay; absent: all. */
  readonly isCurrent?: (row: Row) => boolean;
  /** Makes each row what it is to be, before it is asked whether it stays; absent: none changes. */
  readonly revise?: (row: Row) => Row;
}

export interface RewrittenFiles extends RunOfFiles {
  /** Whether the rows of the new files may replace rows of earlier ones. */
  readonly mayReplace: boolean;
}

/** The files that a rewrite replaces. */
export function replacedBy({ runsOfFiles }: GroupRewrite): readonly ArchiveFile[] {
  return runsOfFiles.flatMap(({ files }) => files);
}

/**
 * Plans the rewriting of a file group with all of its rows. Rows that may replace others are kept in files of their own,
 * behind the first versions: whoever looks for the current ones has to remember no more rows than before, and whoever
 * reads file by file meets each version behind those it replaces.
 *
 * @returns undefined when the files are as few as they can be
 */
export function planAllRows(
  group: FileGroup,
  files: readonly FileWithSchema[],
  rowsPerFile: number,
): GroupRewrite | undefined {
  const first = splitIntoRuns(files.filter(({ file }) => !file.mayReplace));
  const revising = splitIntoRuns(files.filter(({ file }) => file.mayReplace));
  const firstWorth = worthRewriting(first, rowsPerFile);
  const revisingWorth = firstWorth.length > 0 ? revising : worthRewriting(revising, rowsPerFile);
  const runsOfFiles = [
    ...firstWorth.map((runOfFiles) => ({ ...runOfFiles, mayReplace: false })),
    ...revisingWorth.map((runOfFiles) => ({ ...runOfFiles, mayReplace: true })),
  ];
  return runsOfFiles.length === 0 ? undefined : { group, runsOfFiles };
}

/** Plans the rewriting of a group of whose rows some are to be dropped: every file, and none that is left replaces any. */
export function planCurrentRows(
  group: FileGroup,
  files: readonly FileWithSchema[],
  isCurrent: (row: Row) => boolean,
): GroupRewrite {
  return {
    group,
    isCurrent,
    runsOfFiles: splitIntoRuns(files).map((runOfFiles) => ({ ...runOfFiles, mayReplace: false })),
  };
}
