import { sha256 } from '../../archive/hash-file.ts';

/** Ids that servers make, and the room that every workspace begins with: names everywhere, and too random to have case twins. */
const usual = /^(?:GENERAL|[0-9A-Za-z]{17,80})$/;

/**
 * The name of a folder or file, and of a place in a page, for an id. Ids of imports and bridges may hold anything: of those
 * the harmless signs are kept, and a fingerprint tells them apart, also where a file system takes `a` for `A`. None begins with
 * a hyphen, which programs take for an option.
 */
export function nameForId(id: string): string {
  if (usual.test(id)) return id;
  const harmless = id
    .replaceAll(/[^0-9A-Za-z]+/g, '-')
    .replace(/^-/, '')
    .slice(0, 40);
  return `${harmless}${harmless === '' ? '' : '-'}${sha256(id).slice(0, 16)}`;
}

/** Where a message stands in its page. */
export function messageAnchor(id: string): string {
  return `m-${nameForId(id)}`;
}

/** `2026-03.html`, `2026-03-2.html` */
export function monthFile(month: string, part: number): string {
  return part === 1 ? `${month}.html` : `${month}-${part}.html`;
}

/** `thread-<id>.html`, `thread-<id>-2.html` */
export function threadFile(rootId: string, part: number): string {
  const name = `thread-${nameForId(rootId)}`;
  return part === 1 ? `${name}.html` : `${name}-${part}.html`;
}
