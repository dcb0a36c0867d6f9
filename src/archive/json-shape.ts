import type { z } from 'zod';
import { shownValue } from '../model/json/shown-value.ts';

/** A JSON file is not what it should be. Whoever reads the file names it and says what to do. */
export class JsonShapeError extends Error {
  /** A later version of this program wrote the file. */
  readonly newer: boolean;

  constructor(message: string, newer = false) {
    super(message);
    this.name = 'JsonShapeError';
    this.newer = newer;
  }
}

/** @throws JsonShapeError */
export function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw new JsonShapeError(`it is not JSON (${error instanceof Error ? error.message : String(error)})`);
  }
}

/**
 * Parses a file that says its format version.
 *
 * @param newest the latest version that this program knows
 * @throws JsonShapeError when it is no JSON object with a version, or one of a version to come
 */
export function parseVersioned(
  bytes: Uint8Array,
  newest: number,
): { readonly version: number; readonly value: object } {
  const value = parseJson(bytes);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new JsonShapeError('it should be an object');
  }
  const version: unknown = 'version' in value ? value.version : undefined;
  if (typeof version !== 'number' || !Number.isSafeInteger(version) || version < 1) {
    throw new JsonShapeError(`"version" should be a whole number of at least 1, not ${shownValue(version)}`);
  }
  if (version > newest) {
    throw new JsonShapeError(`its format version is ${version}, and this program knows up to ${newest}`, true);
  }
  return { version, value };
}

/**
 * The value as the schema says: keys in its order, those it does not know left out, for a later program may have added
 * some.
 *
 * @throws JsonShapeError that names the first wrong place
 */
export function parseShape<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = issue?.path ?? [];
  const place = path.reduce<string>(
    (text, key) => (typeof key === 'number' ? `${text}[${key}]` : text === '' ? String(key) : `${text}.${String(key)}`),
    '',
  );
  throw new JsonShapeError(
    `${place === '' ? 'the whole' : `"${place}"`} is ${shownValue(valueAt(value, path))}: ${issue?.message ?? 'not what it should be'}`,
  );
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (part, key) => (typeof part === 'object' && part !== null ? Reflect.get(part, key) : undefined),
    value,
  );
}
