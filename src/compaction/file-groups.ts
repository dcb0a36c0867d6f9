import { dataFolder } from '../archive/paths/data-file-path.ts';
import { sinkKey } from '../archive/sink-key.ts';
import type { ArchiveFile } from '../snapshot/archive-history.ts';

/** The files of a table in one format and folder: what may become one file. */
export interface FileGroup {
  readonly table: string;
  readonly partition: string | undefined;
  readonly format: string;
  readonly extension: string;
  /** In the order of their rows. */
  readonly files: readonly ArchiveFile[];
}

/** @param files in the order of their runs */
export function fileGroupsOf(files: readonly ArchiveFile[]): readonly FileGroup[] {
  const groups = new Map<string, FileGroup & { readonly files: ArchiveFile[] }>();
  for (const file of files) {
    const { table, format } = file;
    const { partition, extension } = file.place;
    const key = sinkKey({ format, extension }, dataFolder(file.place));
    const group = groups.get(key) ?? { table, partition, format, extension, files: [] };
    group.files.push(file);
    groups.set(key, group);
  }
  // By number: as texts, part 10000 comes before part 9999.
  for (const { files: own } of groups.values())
    own.sort(({ place: a }, { place: b }) => a.run - b.run || a.part - b.part);
  return [...groups.values()];
}
