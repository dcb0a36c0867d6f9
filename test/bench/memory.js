import { markdownTable } from './markdown-table.js';
import { measureProgram, startServer } from './processes.js';

const sizes = [200_000, 1_000_000];
/** Five times the messages may take this much more memory, and in all less than this. */
const growthTarget = 1.15;
const limitMb = 300;
/** A row group waits in memory until it is full: Parquet is reported, and promises nothing. */
const formats = ['jsonl', 'csv', 'parquet'];

/** Peak resident set of the whole process, worker thread included. */
export async function memory() {
  const peaks = Object.fromEntries(formats.map((format) => [format, []]));
  for (const messages of sizes) {
    const server = await startServer({ messages });
    for (const format of formats) {
      const { peakRssMb } = await measureProgram(server.url, { sinks: [{ format }] });
      peaks[format].push(peakRssMb);
    }
    await server.stop();
  }
  return [
    `Peak memory of the process, in MB (targets for JSONL and CSV: at most ${growthTarget} times as much, below ${limitMb} MB):`,
    '',
    markdownTable(
      ['', '200,000 messages', '1,000,000 messages', 'growth'],
      Object.entries(peaks).map(([format, [small, large]]) => [
        format,
        ...[small.toFixed(0), large.toFixed(0), (large / small).toFixed(2)],
      ]),
    ),
  ].join('\n');
}
