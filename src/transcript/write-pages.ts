import { join } from 'node:path';
import { sha256 } from '../archive/hash-file.ts';
import { compareText } from '../model/text/compare-text.ts';
import type { Disk } from '../system/disk.ts';
import { layOut } from './layout/lay-out.ts';
import { coverPages } from './page/cover.ts';
import { searchPageText } from './page/search-html.ts';
import { styleSheet } from './page/style-sheet.ts';
import { gatherArchive, type GatherOptions } from './gather-archive.ts';
import type { FileKeeper } from './kept/file-keeper.ts';
import type { ArchivePart } from './read/archive-parts.ts';
import { listedInParts } from './read/listed-files.ts';
import { IndexWriter } from './search-index/index-writer.ts';
import { ExternalSort } from './sort/external-sort.ts';
import { counted } from '../model/text/counted.ts';
import { askedFor } from './transcript-request.ts';
import type { Book } from './write/book.ts';
import { TranscriptFolder } from './kept/transcript-folder.ts';
import { writeRooms } from './write/write-rooms.ts';
import { writeThreads } from './write/write-threads.ts';

/** Where it is done. */
interface PagesFolders {
  /** Absolute. */
  readonly pages: string;
  /** Absolute. What does not fit the memory is put there. */
  readonly sort: string;
  /** From the pages' own folder, when they are in their place, to an archive: where files of messages lie. null: there is no way. */
  readonly archiveLink: (archive: string) => string | null;
  /** Makes what knows which files need not be written, from what they all depend on beside the archive; absent: all are written. */
  readonly keeper?: (serverUrl: string) => FileKeeper;
}

/** What was written. */
export interface Transcript {
  readonly rooms: number;
  readonly messages: number;
  readonly threads: number;
  readonly files: number;
  readonly bytes: number;
}

/**
 * Writes the pages of an archive to a folder, or of several as one.
 *
 * @param archives absolute
 * @param folders whoever names them removes them
 */
export async function writePages(
  disk: Disk,
  archives: readonly string[],
  folders: PagesFolders,
  options: GatherOptions,
): Promise<{ readonly transcript: Transcript; readonly parts: readonly ArchivePart[] }> {
  const { signal, onProgress } = options;
  const gathered = await gatherArchive(disk, archives, folders.sort, options, true);
  const { parts, runName, zone, names, numbering, numbers, selected } = gathered;
  const threads = new ExternalSort(disk, join(folders.sort, 'threads'));
  const layout = await layOut(selected(), { zone, messages: gathered.numbered });
  // Pages lie in a folder for each room.
  const files = await listedInParts(parts, (archive) => {
    const link = folders.archiveLink(archive);
    return link === null ? null : `../${link}`;
  });
  const book: Book = {
    layout,
    names,
    numbering,
    zone,
    runName,
    serverUrl: parts[0]?.facts.newestRun.server.url ?? '',
    prefix: options.prefix ?? 'RC',
    fileOf: (id) => files.get(id),
  };
  const total = layout.rooms.reduce((sum, { messages }) => sum + messages, 0);
  const folder = new TranscriptFolder(disk, folders.pages, folders.keeper?.(book.serverUrl));
  await folder.write('style.css', styleSheet);
  const index = new IndexWriter(folder, new ExternalSort(disk, join(folders.sort, 'index')));
  await writeRooms(selected(), book, {
    folder,
    index,
    threads,
    onMessages: (messages) => {
      signal?.throwIfAborted();
      onProgress?.({ kind: 'writing', messages, of: total });
    },
  });
  const threadCount = await writeThreads(threads, book, folder);
  await index.finish({ ...indexedLink(parts), zone: zone.zone, prefix: book.prefix });
  await folder.write('search.html', searchPageText());
  const rooms = layout.rooms.map((room) => ({ ...room, name: names.room(room.roomId) }));
  rooms.sort(
    (a, b) => compareText(a.name.title.toLowerCase(), b.name.title.toLowerCase()) || compareText(a.roomId, b.roomId),
  );
  const number = (value: number): string => `${book.prefix}-${String(value).padStart(8, '0')}`;
  const asked = askedFor(options, zone);
  const cover = {
    archives: parts,
    zone,
    rooms,
    people: layout.people,
    asked,
    numbers: numbers && { first: number(numbers.first), last: number(numbers.last) },
    notes: [
      ...gathered.notes,
      ...(total === 0 && asked.length > 0
        ? ['No message of the archive is what was asked for: no page shows one.']
        : []),
      ...(gathered.misplaced === 0
        ? []
        : [`${gathered.misplaced} rows are not shown: they lack the id of their message.`]),
      ...(gathered.damagedJournals === 0
        ? []
        : [
            `Of _raw ${counted(gathered.damagedJournals, 'journal')} could not be used: not what their manifests say. Texts are shown by their source.`,
          ]),
    ],
  };
  for (const [file, text] of coverPages(cover)) await folder.write(file, text);
  return {
    transcript: {
      rooms: rooms.length,
      messages: total,
      threads: threadCount,
      files: folder.files,
      bytes: folder.bytes,
    },
    parts,
  };
}

/** What the index says it was made of: the newest link; of several archives no single one, and a hash of the newest of each. */
function indexedLink(parts: readonly ArchivePart[]): { readonly link: number; readonly sha256: string } {
  const newest = parts.map(({ facts }) => facts.newestLink);
  const [only] = newest;
  if (only !== undefined && newest.length === 1) return { link: only.run, sha256: only.sha256 };
  return { link: 0, sha256: sha256(newest.map((link) => `${link.sha256}\n`).join('')) };
}
