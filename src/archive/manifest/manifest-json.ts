import { jsonBytes, jsonPieces } from '../json/json-pieces.ts';
import { readJsonParts } from '../json/read-json-parts.ts';
import { JsonShapeError, parseShape, parseVersioned } from '../json-shape.ts';
import { sha256OfPieces } from '../hash-file.ts';
import { parseManifest1 } from './earlier/manifest-1.ts';
import { manifestSchema } from './schema/manifest-schema.ts';
import { renamedKeys } from './earlier/renamed-keys.ts';
import type { AnyManifest } from './manifest.ts';
import { manifestEntries, parseAllChecked, type ManifestReader } from './parts/manifest-readers.ts';

const present = 3;

/** The bytes of a manifest, piece by piece: equal manifests give equal text, whatever the order of their keys. @throws JsonShapeError */
export function manifestBytes(manifest: AnyManifest): Iterable<Buffer> {
  return jsonBytes(jsonPieces(parseAllChecked(manifest), 3, manifestEntries));
}

export function serializeManifest(manifest: AnyManifest): string {
  return Buffer.concat([...manifestBytes(manifest)]).toString();
}

/** Of its bytes. */
export function manifestSha256(manifest: AnyManifest): string {
  return sha256OfPieces(manifestBytes(manifest));
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
  const { version, value } = parseVersioned(bytes, present);
  return { manifest: parseAs(version, value), formatVersion: version };
}

/**
 * The same of one too large for the memory, piece by piece.
 *
 * @returns undefined for one of an earlier format version, or that something is wrong with: parsed as a whole it says what
 */
export async function parseManifestParts<M>(
  chunks: AsyncIterable<Uint8Array>,
  { parts, parse }: ManifestReader<M>,
): Promise<{ readonly manifest: M; readonly formatVersion: number } | undefined> {
  try {
    const value = await readJsonParts(chunks, parts);
    if (!('version' in value) || value.version !== present) return undefined;
    return { manifest: parse(value), formatVersion: present };
  } catch (error) {
    if (error instanceof JsonShapeError || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function parseAs(version: number, value: object): AnyManifest {
  switch (version) {
    case 1:
      return parseManifest1(renamedKeys(value));
    case 2:
      return parseShape(manifestSchema, { ...renamedKeys(value), version: present });
    default:
      return parseShape(manifestSchema, value);
  }
}
