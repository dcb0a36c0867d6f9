import { messageAnchor, nameForId, threadFile } from '../layout/page-names.ts';
import type { Layout } from '../layout/lay-out.ts';
import type { PageContext } from '../message/page-context.ts';
import type { FileOnPage } from '../read/listed-files.ts';
import type { ZonedTime } from '../text/zoned-time.ts';
import type { Names } from '../read/names.ts';
import type { Numbering } from '../../snapshot/numbers/numbering.ts';

/** All that pages have in common. */
export interface Book {
  readonly layout: Layout;
  readonly names: Names;
  readonly numbering: Pick<Numbering, 'numberOf'>;
  /** A run for people, as rows have it: see ArchiveParts. */
  readonly runName: (run: number) => string;
  readonly zone: ZonedTime;
  readonly serverUrl: string;
  readonly prefix: string;
  readonly fileOf: (fileId: string) => FileOnPage | undefined;
}

/** `RC-00001234`; null: the archive has no such message. */
export function numberText(
  { numbering, prefix }: Pick<Book, 'numbering' | 'prefix'>,
  messageId: string,
): string | null {
  const number = numbering.numberOf(messageId);
  return number === undefined ? null : `${prefix}-${String(number).padStart(8, '0')}`;
}

/** What messages of a page link to, seen from its folder. @param threadId of which the page is */
export function pageContext(book: Book, roomId: string, threadId?: string): PageContext {
  const { layout, names, zone, serverUrl, fileOf, runName } = book;
  return {
    zone,
    serverUrl,
    fileOf,
    runName,
    numberOf: (id) => numberText(book, id),
    messageLink: (id) => {
      const page = layout.pageOf(id);
      if (page === undefined) return undefined;
      const folder = page.roomId === roomId ? '' : `../${nameForId(page.roomId)}/`;
      return `${folder}${page.file}#${messageAnchor(id)}`;
    },
    roomLink: (id) => (layout.hasRoom(id) ? `../${nameForId(id)}/index.html` : undefined),
    threadLink: (id) => (id !== threadId && layout.hasThread(id) ? threadFile(id, 1) : undefined),
    nameOf: (username) => names.user(username),
  };
}
