import { toJsonText } from '../to-json-text.ts';
import { parseShape, parseVersioned } from '../json-shape.ts';
import { parseManifest1 } from './earlier/manifest-1.ts';
import { manifestSchema } from './any-manifest-schema.ts';
import { renamedKeys } from './earlier/renamed-keys.ts';
import type { AnyManifest } from './manifest.ts';

/** The bytes of a manifest: equal manifests give equal text, whatever the order of their keys. @throws JsonShapeError */
export function serializeManifest(manifest: AnyManifest): string {
  return toJsonText(parseShape(manifestSchema, manifest), 3);
}

/**
 * Reads a manifest of this format version or an earlier one, passing over what later programs add.
 *
 * @throws JsonShapeError when a field is missing or of a wrong type, or a path leads out of its folder
 */
export function parseManifest(bytes: Uint8Array): {
  readonly manifest: AnyManifest;
  /** Of the file. */
  readonly formatVersion: number;
} {
  const { version, value } = parseVersioned(bytes, 3);
  return { manifest: parseAs(version, value), formatVersion: version };
}

function parseAs(version: number, value: object): AnyManifest {
  switch (version) {
    case 1:
      return parseManifest1(renamedKeys(value));
    case 2:
      return parseShape(manifestSchema, { ...renamedKeys(value), version: 3 });
    default:
      return parseShape(manifestSchema, value);
  }
}
