import { fittingName } from './fitting-name.ts';

/** What Hive and all who read its layout take for null: where a table without rows keeps its columns. */
const nullValue = '__HIVE_DEFAULT_PARTITION__';

const partitionKeys = ['room', 'month'] as const;

/** What the rows of a folder have in common. */
type PartitionKey = (typeof partitionKeys)[number];

/** That of a folder which `partitionFolder` named; undefined for any other. */
export function partitionKeyOf(folder: string): PartitionKey | undefined {
  return partitionKeys.find((key) => folder.startsWith(`${key}=`));
}

/**
 * `room=GENERAL`, `month=2026-11`, as Hive lays out tables: readers take the column from the path. What a file name may
 * not hold everywhere is percent-encoded, which they decode. Of a value that is too long for a file name they get its
 * beginning and a fingerprint: the rows themselves have all of it.
 */
export function partitionFolder(key: PartitionKey, value: string | null): string {
  if (value === null) return `${key}=${nullValue}`;
  const encoded = encodeURIComponent(value).replaceAll(
    /[!'()*~]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${key}=${fittingName(encoded)}`;
}
