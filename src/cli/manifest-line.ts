import { serializeManifest } from '../archive/manifest-json.ts';
import type { Manifest } from '../archive/manifest.ts';

/** The manifest as its file says it, without the line breaks: several of them are JSON Lines. */
export function manifestLine(manifest: Manifest): string {
  return `${JSON.stringify(JSON.parse(serializeManifest(manifest)))}\n`;
}
