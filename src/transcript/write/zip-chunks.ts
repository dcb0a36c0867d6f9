import { Readable } from 'node:stream';
import { ZipFile } from 'yazl';
import type { Disk } from '../../system/disk.ts';

/** Not the day on which it was made: the same entries give the same bytes. In local time, as the format has it. */
const entryTime = new Date(1980, 0, 1);

const entryOptions = { mtime: entryTime, mode: 0o100644, forceDosTimestamp: true, compressionLevel: 6 } as const;

/** What a zip file holds. @param path absolute, of the file */
type ZipEntry = { readonly name: string } & ({ readonly text: string } | { readonly path: string });

/** The bytes of a zip file of these entries, in their order. @throws what reading a file failed with */
export async function* zipChunks(disk: Disk, entries: readonly ZipEntry[]): AsyncGenerator<Uint8Array> {
  const zip = new ZipFile();
  const { outputStream: bytes } = zip;
  // The library does not report what a stream failed with, and waits.
  const fail = (error: Error): void => {
    if (bytes instanceof Readable) bytes.destroy(error);
  };
  zip.on('error', fail);
  for (const entry of entries) {
    if ('text' in entry) {
      zip.addBuffer(Buffer.from(entry.text), entry.name, entryOptions);
      continue;
    }
    // Opened when it is its turn: there may be more of them than a process may have open.
    zip.addReadStreamLazy(entry.name, entryOptions, (give) => {
      give(undefined, Readable.from(chunksOf(disk, entry.path), { objectMode: false }).on('error', fail));
    });
  }
  zip.end();
  for await (const chunk of bytes) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
}

/** Also what fails before the first piece fails in the stream. */
async function* chunksOf(disk: Disk, path: string): AsyncGenerator<Uint8Array> {
  yield* disk.readChunks(path);
}
