import { intactRows } from '../../snapshot/intact/intact-rows.ts';
import { filesTableName } from '../../model/table-name.ts';
import type { ArchiveHistory } from '../../snapshot/archive-history.ts';
import type { TableReader } from '../../snapshot/table-reader.ts';
import { supersedes } from '../../snapshot/versions/newest-version.ts';
import type { ArchivePart } from './archive-parts.ts';

/** A file as a page shows it. */
export interface FileOnPage {
  /** `saved`, or why it is not there. */
  readonly status: string;
  readonly sha256: string | null;
  readonly sizeBytes: number | null;
  /** Where it lies in the archive; null: nowhere. */
  readonly path: string | null;
  /** Where it lies, seen from the page; null: nowhere. */
  readonly link: string | null;
  readonly isImage: boolean;
}

/** The same of several archives: of a file that more of them list, the one that was saved counts. */
export async function listedInParts(
  parts: readonly Pick<ArchivePart, 'archive' | 'reader' | 'history'>[],
  linkTo: (archive: string) => string | null,
): Promise<ReadonlyMap<string, FileOnPage>> {
  const all = new Map<string, FileOnPage>();
  for (const { archive, reader, history } of parts) {
    for (const [id, file] of await listedFiles(reader, history, linkTo(archive))) {
      if (all.get(id)?.path == null) all.set(id, file);
    }
  }
  return all;
}

const read = new Set(['file_id', 'mime_type', 'size_bytes', 'sha256', 'path', 'status', 'run']);

/** What browsers show, and no program hides in: an SVG may hold one. */
const shownTypes: ReadonlySet<string> = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/avif']);

/**
 * What the table of files says of each, by id; empty for archives without. Takes some hundred bytes for each.
 *
 * @param archiveLink from a folder of pages to the archive; null: there is no way
 */
async function listedFiles(
  reader: TableReader,
  history: ArchiveHistory,
  archiveLink: string | null,
): Promise<ReadonlyMap<string, FileOnPage>> {
  const newest = new Map<string, { readonly run: number; readonly file: FileOnPage }>();
  if (!history.runs.some(({ tables }) => Object.hasOwn(tables, filesTableName))) return new Map();
  for await (const { rows } of intactRows(reader, history, filesTableName, read)) {
    for (const { file_id: id, run, status, sha256, size_bytes: size, path, mime_type: type } of rows) {
      if (typeof id !== 'string' || typeof run !== 'number') continue;
      if (!supersedes({ run, isDeleted: false }, newest.get(id)?.run)) continue;
      const place = typeof path === 'string' ? path.split('/').map(encodeURIComponent).join('/') : null;
      newest.set(id, {
        run,
        file: {
          status: typeof status === 'string' ? status : 'unknown',
          sha256: typeof sha256 === 'string' ? sha256 : null,
          sizeBytes: typeof size === 'number' ? size : null,
          path: typeof path === 'string' ? path : null,
          link: place === null || archiveLink === null ? null : `${archiveLink}/${place}`,
          isImage: typeof type === 'string' && shownTypes.has(type.toLowerCase()),
        },
      });
    }
  }
  return new Map([...newest].map(([id, { file }]) => [id, file]));
}
