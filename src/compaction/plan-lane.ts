import type { ArchiveFile } from '../snapshot/archive-runs.ts';
import type { Row } from '../model/column.ts';
import type { Lane } from './lanes.ts';
import { segmentsOf, worthRewriting, type Segment } from './segments.ts';
import { type ShapedFile } from './shape.ts';

/** What is to be done with a lane: its segments become new files, in this order. */
export interface LaneRewrite {
  readonly lane: Lane;
  readonly segments: readonly RewrittenSegment[];
  /** Which rows stay; absent: all. */
  readonly isCurrent?: (row: Row) => boolean;
}

export interface RewrittenSegment extends Segment {
  /** Whether the rows of the new files may replace rows of earlier ones. */
  readonly revises: boolean;
}

/** The files that a rewrite replaces. */
export function replacedBy({ segments }: LaneRewrite): readonly ArchiveFile[] {
  return segments.flatMap(({ files }) => files);
}

/**
 * Plans the rewriting of a lane with all of its rows. Rows that may replace others are kept in files of their own,
 * behind the first versions: whoever looks for the current ones has to remember no more rows than before, and whoever
 * reads file by file meets each version behind those it replaces.
 *
 * @returns undefined when the files are as few as they can be
 */
export function planAllRows(lane: Lane, files: readonly ShapedFile[], rowsPerFile: number): LaneRewrite | undefined {
  const first = segmentsOf(files.filter(({ file }) => !file.revises));
  const revising = segmentsOf(files.filter(({ file }) => file.revises));
  const firstWorth = worthRewriting(first, rowsPerFile);
  const revisingWorth = firstWorth.length > 0 ? revising : worthRewriting(revising, rowsPerFile);
  const segments = [
    ...firstWorth.map((segment) => ({ ...segment, revises: false })),
    ...revisingWorth.map((segment) => ({ ...segment, revises: true })),
  ];
  return segments.length === 0 ? undefined : { lane, segments };
}

/** Plans the rewriting of a lane of whose rows some are to be dropped: every file, and none that is left replaces any. */
export function planCurrentRows(
  lane: Lane,
  files: readonly ShapedFile[],
  isCurrent: (row: Row) => boolean,
): LaneRewrite {
  return { lane, isCurrent, segments: segmentsOf(files).map((segment) => ({ ...segment, revises: false })) };
}
