import { compareText } from '../model/text/compare-text.ts';
import { isArchivePath } from './paths.ts';

/** Path → SHA-256: everything that `sha256sum -c` checks. */
export type Sha256Sums = ReadonlyMap<string, string>;

/** In coreutils' own format, sorted by path. */
export function serializeSums(sums: Sha256Sums): string {
  return sumLines([...sums].sort(([a], [b]) => compareText(a, b)));
}

/** In coreutils' own format, in this order. */
export function sumLines(sums: Iterable<readonly [path: string, sha256: string]>): string {
  return [...sums].map(([path, sha256]) => `${sha256}  ${path}\n`).join('');
}

/** undefined for a file that is not a list of sums, or that names a path twice. */
export function parseSums(bytes: Uint8Array): Sha256Sums | undefined {
  const sums = new Map<string, string>();
  const lines = new TextDecoder().decode(bytes).split('\n');
  if (lines.pop() !== '') return undefined;
  for (const line of lines) {
    const [, sha256, path] = /^([0-9a-f]{64}) [ *](.+)$/.exec(line) ?? [];
    if (sha256 === undefined || path === undefined || !isArchivePath(path) || sums.has(path)) return undefined;
    sums.set(path, sha256);
  }
  return sums;
}
