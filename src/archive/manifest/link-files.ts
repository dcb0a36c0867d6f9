import { manifestPath } from '../paths.ts';
import type { Sha256Sums } from '../sha256-sums.ts';
import type { LinkHead } from './parts/link-head.ts';
import type { HashedFile, ManifestFile } from './manifest.ts';

/** The tables' files that a link brought. */
export function filesOf(manifest: LinkHead): readonly ManifestFile[] {
  return 'files' in manifest ? manifest.files : [];
}

/** Where a link has written down numbers of messages. */
export function numbersOf(manifest: LinkHead): readonly HashedFile[] {
  return 'numbers' in manifest ? [manifest.numbers] : [];
}

/** Files of messages that a link brought. */
export function attachmentsOf(manifest: LinkHead): readonly HashedFile[] {
  return manifest.kind === 'export' ? (manifest.attachments ?? []) : [];
}

/** All of that which waits in `_work/parts`: of a purge also journals that it wrote anew. */
export function partFilesOf(manifest: LinkHead): readonly HashedFile[] {
  const journals = manifest.kind === 'purge' ? manifest.raw : [];
  return [...filesOf(manifest), ...numbersOf(manifest), ...journals];
}

/** All that a link adds beside its own manifest and kept journals. */
export function publishedFilesOf(manifest: LinkHead): readonly HashedFile[] {
  return [...partFilesOf(manifest), ...attachmentsOf(manifest)];
}

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
