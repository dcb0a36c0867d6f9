import type { SinkEntry, TextCompression } from '../sink-options.ts';

/** Whether CSV is made for spreadsheets (`excelSafe`), which changes cells, by how it is compressed. Absent: no such CSV. */
export type ExcelSafe = Readonly<Partial<Record<TextCompression, boolean>>>;

/** What a job says of the CSV that it makes. undefined: it makes none. */
export function excelSafeOf(sinks: readonly SinkEntry[]): ExcelSafe | undefined {
  const csv = sinks.flatMap((sink): readonly (readonly [TextCompression, boolean])[] =>
    sink.format === 'csv' ? [[sink.compression ?? 'none', sink.excelSafe === true]] : [],
  );
  return csv.length === 0 ? undefined : Object.fromEntries(csv);
}
