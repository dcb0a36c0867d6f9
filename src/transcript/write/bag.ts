import { Readable } from 'node:stream';
import { ZipFile } from 'yazl';
import { hashFile, sha256 } from '../../archive/hash-file.ts';
import { walkFiles } from '../../archive/walk-files.ts';
import { compareText } from '../../model/json/canonical-json.ts';
import type { Disk } from '../../system/disk.ts';
import { tool } from '../../version.ts';

/** The folder that everything in the file lies in: the same whatever the file is called. */
const folderName = 'transcript';

/** Not the day on which it was made: the same pages give the same bytes. In local time, as the format has it. */
const entryTime = new Date(1980, 0, 1);

const entryOptions = { mtime: entryTime, mode: 0o100644, forceDosTimestamp: true, compressionLevel: 6 } as const;

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
  facts: { readonly serverUrl: string; readonly newestManifestSha256: string },
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
        `External-Identifier: ${facts.newestManifestSha256}`,
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
    for await (const chunk of zipped(disk, [...tags, ['tagmanifest-sha256.txt', tagManifest]], payload)) {
      await file.write(chunk);
    }
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Also what fails before the first piece fails in the stream. */
async function* chunksOf(disk: Disk, path: string): AsyncGenerator<Uint8Array> {
  yield* disk.readChunks(path);
}

/** The bytes of the zip. @throws what reading a file failed with: the library does not report it, and waits */
async function* zipped(disk: Disk, tags: readonly Tag[], payload: readonly Payload[]): AsyncGenerator<Uint8Array> {
  const zip = new ZipFile();
  const { outputStream: bytes } = zip;
  const fail = (error: Error): void => {
    if (bytes instanceof Readable) bytes.destroy(error);
  };
  zip.on('error', fail);
  for (const [name, text] of tags) zip.addBuffer(Buffer.from(text), `${folderName}/${name}`, entryOptions);
  for (const { name, path } of payload) {
    // Opened when it is its turn: there may be more of them than a process may have open.
    zip.addReadStreamLazy(`${folderName}/data/${name}`, entryOptions, (give) => {
      give(undefined, Readable.from(chunksOf(disk, path), { objectMode: false }).on('error', fail));
    });
  }
  zip.end();
  for await (const chunk of bytes) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
}
