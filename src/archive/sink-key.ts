import { dataFilePlace } from './paths/data-file-path.ts';

/** What tells the sinks of a run apart by their files: `csv` and `csv.gz` are two of one format, each with every row. */
export interface SinkOfFile {
  readonly format: string;
  /** Without the dot. */
  readonly extension: string;
}

/** Files that one sink wrote of the same thing: of everything or, where it is named, of a table or one of its folders. */
export function sinkKey({ format, extension }: SinkOfFile, of = ''): string {
  return `${of} ${format} ${extension}`.trimStart();
}

/** The sink that wrote a data file, which its path and its manifest show. */
export function sinkOf({ format, path }: { readonly format: string; readonly path: string }): SinkOfFile {
  return { format, extension: dataFilePlace(path)?.extension ?? '' };
}
