import type { PluginReference } from '../model/plugin-reference.ts';
import { isRecord } from '../model/json/is-record.ts';
import type { KeyPath } from './problem.ts';
import type { WrittenAt } from './schema/schema-problems.ts';

/** A checked entry with `use`, at `path` of the job, as the loader wants it. */
export function toPlugin(
  { use, options = {} }: { readonly use: string; readonly options?: Readonly<Record<string, unknown>> },
  path: KeyPath,
  cwd: string,
  writtenAt: WrittenAt,
): PluginReference {
  const entries = Object.entries(options);
  const writtenOptions = Object.fromEntries(
    entries.map(([key, value]) => [key, written(value, [...path, 'options', key], writtenAt)]),
  );
  return { use, cwd, options, writtenOptions };
}

/** The value with the text of the file wherever a variable brought a part of it. */
function written(value: unknown, path: KeyPath, writtenAt: WrittenAt): unknown {
  if (typeof value === 'string') return writtenAt(path) ?? value;
  if (Array.isArray(value)) return value.map((part, index) => written(part, [...path, index], writtenAt));
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [key, written(part, [...path, key], writtenAt)]),
  );
}
