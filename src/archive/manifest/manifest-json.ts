import { toJsonText } from '../canonical-json.ts';
import { parseShape, parseVersioned } from '../json-shape.ts';
import { parseManifest1 } from './manifest-1.ts';
import { manifestSchema } from './manifest-schema.ts';
import type { AnyManifest } from './manifest.ts';

/** The bytes of a manifest: equal manifests give equal text, whatever the order of their keys. @throws JsonShapeError */
export function serializeManifest(manifest: AnyManifest): string {
  return toJsonText(parseShape(manifestSchema, manifest), 3);
}

/**
 * Reads a manifest of this format version or the first, passing over what later programs add.
 *
 * @throws JsonShapeError when a field is missing or of a wrong type, or a path leads out of its folder
 */
export function parseManifest(bytes: Uint8Array): {
  readonly manifest: AnyManifest;
  /** Of the file. */
  readonly formatVersion: number;
} {
  const { version, value } = parseVersioned(bytes, 2);
  return {
    manifest: version === 1 ? parseManifest1(value) : parseShape(manifestSchema, value),
    formatVersion: version,
  };
}
