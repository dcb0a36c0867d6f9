import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { nodeDisk } from '../../../src/system/disk.ts';
import { writeTranscript, type TranscriptOptions } from '../../../src/transcript/write-transcript.ts';
import { inTemporaryFolder } from '../disk/temporary-folder.ts';
import { publishFixture, type FixtureRun } from '../archives/revised-archive.ts';

/** The files of the transcript of an archive of these runs, by path. */
export function transcriptOf(
  runs: readonly FixtureRun[],
  options: TranscriptOptions = {},
  change: (archive: string) => Promise<unknown> = () => Promise.resolve(),
): Promise<Readonly<Record<string, string>>> {
  return inTemporaryFolder(async (folder) => {
    const archive = join(folder, 'archive');
    await publishFixture(nodeDisk, archive, runs);
    await change(archive);
    const output = join(folder, 'pages');
    await writeTranscript(archive, output, options);
    return filesIn(output);
  });
}

async function filesIn(folder: string): Promise<Readonly<Record<string, string>>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  const files = paths.toSorted().map(async (path) => [path.slice(folder.length + 1), await readFile(path, 'utf8')]);
  return Object.fromEntries((await Promise.all(files)) as [string, string][]);
}
