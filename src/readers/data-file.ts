/** The formats that can be read back, the most faithful and fastest first; they are those of the built-in sinks. */
export const readableFormats = ['parquet', 'jsonl', 'csv'] as const;

export type ReadableFormat = (typeof readableFormats)[number];

/** A file that a built-in sink wrote. */
export interface DataFile {
  /** Absolute. */
  readonly path: string;
  readonly format: ReadableFormat;
}

/** Whether a manifest's word for a format is one of those: a plug-in's file is for the plug-in's own readers. */
export function isReadableFormat(format: string): format is ReadableFormat {
  return readableFormats.some((readable) => readable === format);
}
