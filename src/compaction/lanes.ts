import type { LiveFile } from '../archive/live-files.ts';

/** The files of a table in one format and folder: what may become one file. */
export interface Lane {
  readonly table: string;
  readonly folder: string;
  readonly format: string;
  readonly extension: string;
  /** In the order of their rows. */
  readonly files: readonly LiveFile[];
}

/** @param files in the order of their rows */
export function lanesOf(files: readonly LiveFile[]): readonly Lane[] {
  const lanes = new Map<string, Lane & { readonly files: LiveFile[] }>();
  for (const file of files) {
    const { table, format } = file;
    const { folder, extension } = file.place;
    const key = `${folder} ${format} ${extension}`;
    const lane = lanes.get(key) ?? { table, folder, format, extension, files: [] };
    lane.files.push(file);
    lanes.set(key, lane);
  }
  return [...lanes.values()];
}
