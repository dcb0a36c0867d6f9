import { type ShapedFile, haveSameShape, type Shape } from './shape.ts';
import type { ArchiveFile } from '../snapshot/archive-runs.ts';
import { isOutdated } from './upgrade-shapes.ts';

/** Files beside each other whose rows may stand in one file. */
export interface Segment {
  readonly files: readonly ArchiveFile[];
  readonly shape: Shape;
}

/**
 * Cuts a list of files where their shape changes. A file without rows goes with whatever it stands beside: it has no
 * rows to keep, and may not show all of its shape.
 */
export function segmentsOf(files: readonly ShapedFile[]): readonly Segment[] {
  const segments: { files: ArchiveFile[]; shape: Shape; hasRows: boolean }[] = [];
  for (const { file, shape } of files) {
    const last = segments.at(-1);
    const hasRows = file.rows > 0;
    if (last === undefined || (hasRows && last.hasRows && !haveSameShape(last.shape, shape))) {
      segments.push({ files: [file], shape, hasRows });
      continue;
    }
    last.files.push(file);
    // The newest one: what Parquet files say of themselves is taken from it.
    if (hasRows || !last.hasRows) last.shape = shape;
    last.hasRows ||= hasRows;
  }
  return segments.map(({ files: own, shape }) => ({ files: own, shape }));
}

/**
 * The segments to rewrite, so that the files become as few as their shapes and `rowsPerFile` allow, and none is outdated:
 * from the first file on whose rewriting leaves fewer files or is due in any case. What is rewritten comes behind what is not, so all that follows is rewritten,
 * too; full files before it are not read again. Empty: there are as few as can be.
 */
export function worthRewriting(segments: readonly Segment[], rowsPerFile: number): readonly Segment[] {
  for (const [index, { files, shape }] of segments.entries()) {
    const full = files.findIndex((file) => file.rows < rowsPerFile || isOutdated(file));
    const rest = full === -1 ? [] : files.slice(full);
    const rows = rest.reduce((sum, file) => sum + file.rows, 0);
    if (Math.max(1, Math.ceil(rows / rowsPerFile)) < rest.length || rest.some(isOutdated)) {
      return [{ files: rest, shape }, ...segments.slice(index + 1)];
    }
  }
  return [];
}
