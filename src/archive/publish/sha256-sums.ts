import { compareText } from '../../model/text/compare-text.ts';
import { publishedFilesOf } from '../manifest/link-files.ts';
import type { LinkHead } from '../manifest/parts/link-head.ts';
import { isArchivePath, manifestPath } from '../paths.ts';

/** Path → SHA-256: everything that `sha256sum -c` checks. */
export type Sha256Sums = ReadonlyMap<string, string>;

/** What one run adds: its tables, files of messages, its kept journals and its manifest. */
export function sumsOfRun(manifest: LinkHead, manifestSha256: string): Sha256Sums {
  const raw = 'raw' in manifest ? manifest.raw : [];
  return new Map([
    ...[...publishedFilesOf(manifest), ...raw].map((file) => [file.path, file.sha256] as const),
    [manifestPath(manifest.run), manifestSha256],
  ]);
}

/** Makes the sums those after one more run: with what it adds, without the files it replaces. */
export function addRun(sums: Map<string, string>, manifest: LinkHead, manifestSha256: string): void {
  for (const [path, sha256] of sumsOfRun(manifest, manifestSha256)) sums.set(path, sha256);
  if ('replaces' in manifest) for (const { path } of manifest.replaces) sums.delete(path);
}

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
