import { dirname, resolve } from 'node:path';
import { expectNewOutput } from '../archive/expect-new-output.ts';
import { omitUndefined } from '../omit-undefined.ts';
import { createFile } from '../system/create-file.ts';
import type { Disk } from '../system/disk.ts';
import { systemSurroundings } from '../system/system-surroundings.ts';
import { makeReport, type ReportRequest } from './make-report.ts';

/** How a report is made, and what replaces the real disk. */
export interface ReportOptions extends ReportRequest {
  readonly disk?: Disk;
}

/** What was written. */
export interface Report {
  readonly messages: number;
  readonly rooms: number;
  readonly runs: number;
  /** Paths of files that are not what their manifests say: their rows were read from other formats. */
  readonly damaged: readonly string[];
  /** What could not be read of the table, in sentences. */
  readonly notes: readonly string[];
  readonly bytes: number;
}

/**
 * Writes one page about an archive: how much was written when, where and by whom, how people answer each other, what is
 * missing, and how the archive grew. Works offline and changes nothing in the archive. The same archive gives the same
 * bytes.
 *
 * @param archive the folder that a job names as its output
 * @param output a file that is not there yet; it appears when it is whole
 * @throws UsageError when there is no archive, nothing was published or the file is there; OutputError when the disk
 *   refuses; DifferenceError for a file that is not what its manifest says
 */
export async function writeReport(archive: string, output: string, options: ReportOptions = {}): Promise<Report> {
  const { disk, process } = { ...systemSurroundings(), ...omitUndefined({ disk: options.disk }) };
  const [from, to] = [resolve(archive), resolve(output)];
  await expectNewOutput(disk, from, to, {
    inside: 'Choose a name in another folder; `report: true` in a job keeps one in the archive',
    taken: 'Remove it, or choose another name with --output',
  });
  const sortFolder = `${to}.${process.pid}.sort`;
  try {
    const made = await makeReport(disk, from, { sortFolder, transcriptLink: null }, options);
    const { text, ...counts } = made;
    await disk.makeFolder(dirname(to));
    await createFile(disk, to, text);
    return { ...counts, bytes: Buffer.byteLength(text) };
  } finally {
    await disk.remove(sortFolder).catch(() => undefined);
  }
}
