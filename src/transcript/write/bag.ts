import { compareText } from '../../model/text/compare-text.ts';
import { hashFile, sha256 } from '../../archive/hash-file.ts';
import { walkFiles } from '../../archive/walk-files.ts';
import type { Disk } from '../../system/disk.ts';
import { tool } from '../../version.ts';
import { zipChunks } from './zip-chunks.ts';

/** The folder that everything in the file lies in: the same whatever the file is called. */
const folderName = 'transcript';

interface Payload {
  readonly name: string;
  readonly path: string;
  readonly sizeBytes: number;
  readonly sha256: string;
}

type Tag = readonly [name: string, text: string];

/**
 * Puts a folder into one zip file as a bag (BagIt 1.0, RFC 8493), for hand-over: with the SHA-256 of every file in it, which
 * `sha256sum -c` checks once it is unpacked. In memory: a piece of a file, and the list.
 *
 * @param facts of the archive, for `bag-info.txt`
 */
export async function writeBag(
  disk: Disk,
  pages: string,
  facts: { readonly serverUrl: string; readonly newestManifests: readonly string[] },
  output: string,
): Promise<void> {
  const payload: Payload[] = [];
  for await (const file of walkFiles(disk, pages)) payload.push({ ...file, sha256: await hashFile(disk, file.path) });
  payload.sort((a, b) => compareText(a.name, b.name));
  const sizeBytes = payload.reduce((sum, file) => sum + file.sizeBytes, 0);
  const tags: readonly Tag[] = [
    [
      'bag-info.txt',
      [
        `Bag-Software-Agent: ${tool.name} ${tool.version}`,
        `External-Description: Transcript of ${facts.serverUrl}`,
        ...facts.newestManifests.map((hash) => `External-Identifier: ${hash}`),
        `Payload-Oxum: ${sizeBytes}.${payload.length}`,
      ]
        .map((line) => `${line}\n`)
        .join(''),
    ],
    ['bagit.txt', 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n'],
    ['manifest-sha256.txt', payload.map((file) => `${file.sha256}  data/${file.name}\n`).join('')],
  ];
  const tagManifest = tags.map(([name, text]) => `${sha256(text)}  ${name}\n`).join('');

  const file = await disk.open(output, 'truncate');
  try {
    const texts = [...tags, ['tagmanifest-sha256.txt', tagManifest] as const];
    const entries = [
      ...texts.map(([name, text]) => ({ name: `${folderName}/${name}`, text })),
      ...payload.map(({ name, path }) => ({ name: `${folderName}/data/${name}`, path })),
    ];
    for await (const chunk of zipChunks(disk, entries)) await file.write(chunk);
    await file.sync();
  } finally {
    await file.close();
  }
}
