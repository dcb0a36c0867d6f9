import { sha256 } from '../hash-file.ts';

/** File systems allow 255 bytes; a prefix and an ending must have room, too. */
export const longestEncoded = 200;

/**
 * A percent-encoded name, cut to a length that every file system takes. Two of them that begin alike stay apart. Room ids
 * are 17 or 24 characters on the servers we know, but nothing bounds what an import or a bridge makes.
 */
export function fittingName(encoded: string): string {
  return encoded.length <= longestEncoded ? encoded : fingerprintedName(encoded);
}

/** The beginning of a percent-encoded name and a fingerprint of all of it: at most `longestEncoded` characters. */
export function fingerprintedName(encoded: string): string {
  // Half a character could not be decoded.
  const cut = encoded.slice(0, longestEncoded - 20).replace(/(?:%[0-9A-F]{2})*(?:%[0-9A-F]?)?$/, '');
  return `${cut}%7E${sha256(encoded).slice(0, 16)}`;
}
