import { join, relative, resolve, sep } from 'node:path';
import { expectNewOutput } from '../archive/expect-new-output.ts';
import type { Disk } from '../system/disk.ts';
import { omitUndefined } from '../omit-undefined.ts';
import { systemSurroundings } from '../system/system-surroundings.ts';
import { writeUnits, type UnitFormat } from './write-units.ts';
import { writeBag } from './write/bag.ts';
import type { GatherOptions } from './gather-archive.ts';
import { writePages, type Transcript } from './write-pages.ts';

/** What a transcript is asked to hold, how its making is followed, and what replaces the real disk. */
export interface TranscriptOptions extends GatherOptions {
  /** As one file, a bag (BagIt) in a zip, in place of a folder. Of pages only. */
  readonly zip?: boolean;
  /** In place of pages a file for each room and day: `rsmf` for review platforms, `eml` for archives of mails. */
  readonly format?: 'html' | UnitFormat;
  readonly disk?: Disk;
}

/**
 * Writes an archive, or several that are shards of one workspace, as pages that people read: rooms by month, threads, and a first page that says what it is and how to
 * check it. Works offline and changes nothing in the archive. The same archive and the same request give the same bytes.
 *
 * @param archive the folder that a job names as its output, or several
 * @param output a folder, or with `zip` a file, that is not there yet; it appears when it is whole
 * @throws UsageError when there is no archive, nothing was published, the folder is there, what was asked for is not, or
 *   archives are no shards of one split;
 *   OutputError when the disk refuses; DifferenceError for a file that is not what its manifest says
 */
export async function writeTranscript(
  archive: string | readonly string[],
  output: string,
  options: TranscriptOptions = {},
): Promise<Transcript> {
  const { disk, process } = { ...systemSurroundings(), ...omitUndefined({ disk: options.disk }) };
  const from = [archive].flat().map((folder) => resolve(folder));
  const to = resolve(output);
  for (const folder of from) await expectNewOutput(disk, folder, to);
  const temporary = `${to}.${process.pid}.tmp`;
  try {
    const { format } = options;
    if (format === 'rsmf' || format === 'eml') {
      const folders = { pages: join(temporary, 'pages'), sort: join(temporary, 'sort') };
      const transcript = await writeUnits(disk, from, folders, { ...options, format });
      await disk.rename(folders.pages, to);
      return transcript;
    }
    const written = await writePages(
      disk,
      from,
      {
        pages: join(temporary, 'pages'),
        sort: join(temporary, 'sort'),
        // What is handed over lies elsewhere.
        archiveLink: (folder) => (options.zip === true ? null : linkBetween(to, folder)),
      },
      options,
    );
    if (options.zip === true) {
      const facts = written.parts.map((part) => part.facts);
      const bag = {
        serverUrl: facts[0]?.newestRun.server.url ?? '',
        newestManifests: facts.map(({ newestLink }) => newestLink.sha256),
      };
      await writeBag(disk, join(temporary, 'pages'), bag, join(temporary, 'bag'));
    }
    await disk.rename(join(temporary, options.zip === true ? 'bag' : 'pages'), to);
    return written.transcript;
  } finally {
    await disk.remove(temporary).catch((error: unknown) => {
      const because = error instanceof Error ? error.message : String(error);
      options.onNote?.(`Words of messages are left in "${temporary}", which is to be removed by hand: ${because}`);
    });
  }
}

function linkBetween(from: string, to: string): string {
  return relative(from, to).split(sep).map(encodeURIComponent).join('/');
}
