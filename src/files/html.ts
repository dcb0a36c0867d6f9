import type { FileReference } from '../model/files/file-reference.ts';

/** So much of a file shows whether it is a page. */
export const headBytes = 512;

/** Types whose files may begin like a page: source code, XHTML, SVG, mail, or nobody knows what. */
const mayBeMarkup = /^(text\/|message\/|application\/(xml|octet-stream))|[+/]x?(ht)?ml\b/i;

/** Whether the file itself is a page, by the word of its message. */
function isPage({ mimeType, name }: Pick<FileReference, 'mimeType' | 'name'>): boolean {
  return mimeType === null ? /\.x?html?$/i.test(name ?? '') : /html/i.test(mimeType);
}

/**
 * Whether what comes is a page in place of the file: a login, or the error of a proxy, which come with HTTP 200 as well.
 *
 * @param contentType of the answer; null: it has none
 */
export function isWrongType(reference: Pick<FileReference, 'mimeType' | 'name'>, contentType: string | null): boolean {
  return !isPage(reference) && /^\s*(text\/html|application\/xhtml\+xml)\b/i.test(contentType ?? '');
}

/** The same by the first bytes, for what comes with the type of the file. */
export function isWrongHead(reference: Pick<FileReference, 'mimeType' | 'name'>, head: Uint8Array): boolean {
  const { mimeType } = reference;
  if (mimeType === null || mayBeMarkup.test(mimeType)) return false;
  return /^\ufeff?\s*<(!doctype\s+html|html)\b/i.test(Buffer.from(head).toString());
}
