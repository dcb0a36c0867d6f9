import type { ArchiveFile } from '../snapshot/archive-runs.ts';
import type { Disk } from '../system/disk.ts';
import type { CurrentRows } from './current-rows.ts';
import { lanesOf, type Lane } from './lanes.ts';
import { planAllRows, planCurrentRows, type LaneRewrite } from './plan-lane.ts';
import { type ShapedFile, shapeOf, type Unknown } from './shape.ts';
import { isOutdated, upgradeShapes } from './upgrade-shapes.ts';

export interface CompactionPlan {
  /** Empty: there is nothing to do. */
  readonly rewrites: readonly LaneRewrite[];
  /** What is left as it is and why, in sentences. */
  readonly notes: readonly string[];
}

/**
 * Decides which files are rewritten, and reads no more of them than what they show of their shape.
 *
 * @param current by table, the rows to keep; undefined: all of every table
 * @throws OutputError when a file cannot be read
 */
export async function planCompaction(
  disk: Disk,
  archive: string,
  files: readonly ArchiveFile[],
  rowsPerFile: number,
  current: ReadonlyMap<string, CurrentRows> | undefined,
  signal?: AbortSignal,
): Promise<CompactionPlan> {
  const rewrites: LaneRewrite[] = [];
  const notes = new Set<string>();
  for (const lane of lanesOf(files)) {
    signal?.throwIfAborted();
    const kept: CurrentRows = current?.get(lane.table) ?? { kind: 'all' };
    const mayDrop = kept.kind === 'some';
    const leave = (because: string): void => {
      notes.add(`Files of "${lane.table}" as ${lane.extension} were left as they are: ${because}.`);
    };
    if (kept.kind === 'unknown') {
      if (!lane.files.some(isOutdated)) {
        leave(kept.because);
        continue;
      }
      notes.add(`Files of "${lane.table}" as ${lane.extension} were rewritten with all their rows: ${kept.because}.`);
    }
    // One file is as few as can be.
    if (!mayDrop && lane.files.length === 1 && !lane.files.some(isOutdated)) continue;
    const shaped = await shapedFiles(disk, archive, lane, mayDrop);
    if (shaped.kind === 'unknown') {
      leave(shaped.because);
      continue;
    }
    const rewrite =
      kept.kind === 'some'
        ? planCurrentRows(lane, shaped.files, kept.isCurrent)
        : planAllRows(lane, shaped.files, rowsPerFile);
    if (rewrite !== undefined) rewrites.push(rewrite);
  }
  return { rewrites, notes: [...notes] };
}

/** Without them nobody can tell which version of which message a row is. */
const keyColumns: Readonly<Record<string, readonly string[]>> = {
  messages: ['message_id', 'op', 'run'],
  mentioned_messages: ['message_id', 'op', 'run'],
  message_versions: ['version_id', 'run'],
  rooms: ['room_id', 'run'],
};
const elementKeyColumns = ['message_id', 'run'];

async function shapedFiles(
  disk: Disk,
  archive: string,
  lane: Lane,
  mayDrop: boolean,
): Promise<{ readonly kind: 'known'; readonly files: readonly ShapedFile[] } | Unknown> {
  const files: ShapedFile[] = [];
  for (const file of lane.files) {
    const found = await shapeOf(disk, archive, file);
    if (found.kind === 'unknown') return found;
    const { shape } = found;
    if (mayDrop && file.rows > 0) {
      const missing = (keyColumns[lane.table] ?? elementKeyColumns).filter(
        (name) => !shape.columns.some((column) => column.name === name),
      );
      const because = `without their column "${missing.join('" and "')}" nobody can tell which rows are current`;
      if (missing.length > 0) return { kind: 'unknown', because };
    }
    files.push({ file, shape });
  }
  return { kind: 'known', files: upgradeShapes(lane.table, files) };
}
