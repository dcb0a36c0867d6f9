import type { Disk } from '../system/disk.ts';
import { loadParquetjsLite } from './parquet/load-parquetjs-lite.ts';
import { loadPluginSink } from './plugin-sink.ts';
import type { SinkEntry } from '../model/sink-options.ts';
import type { Sink } from './sink.ts';
import { createSink } from './sinks.ts';

/** @throws JobError for options that cannot make a readable file, and for a plug-in or an engine that cannot be used */
export async function loadSink(entry: SinkEntry, disk: Disk): Promise<Sink> {
  if (entry.format === 'plug-in') return loadPluginSink(entry.plugin, disk);
  // Missed here, before anything is asked of the server, and not when the first file is opened.
  if (entry.format === 'parquet' && entry.engine === 'parquetjs-lite') await loadParquetjsLite();
  return createSink(entry, disk);
}
