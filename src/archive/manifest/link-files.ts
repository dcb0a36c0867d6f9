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
