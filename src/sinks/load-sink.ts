import type { Disk } from '../disk.ts';
import { loadPluginSink } from './plugin-sink.ts';
import type { SinkEntry } from './sink-options.ts';
import type { Sink } from './sink.ts';
import { createSink } from './sinks.ts';

/** @throws JobError for options that cannot make a readable file, and for a plug-in that cannot be used */
export async function loadSink(entry: SinkEntry, disk: Disk): Promise<Sink> {
  return entry.format === 'plug-in' ? loadPluginSink(entry.plugin, disk) : createSink(entry, disk);
}
