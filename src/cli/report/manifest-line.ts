import type { AnyManifest } from '../../archive/manifest/manifest.ts';
import { serializeManifest } from '../../archive/manifest/manifest-json.ts';

/** The manifest as its file says it, without the line breaks: several of them are JSON Lines. */
export function manifestLine(manifest: AnyManifest): string {
  return `${JSON.stringify(JSON.parse(serializeManifest(manifest)))}\n`;
}
