import { join } from 'node:path';
import { fingerprintedName, longestEncoded } from '../archive/paths/fitting-name.ts';
import { partitionKeyOf } from '../archive/paths/partition-folder.ts';
import type { Disk } from '../system/disk.ts';

/**
 * Keeps partitions apart on disks that ignore case: of two room ids that differ in case only, the one that comes second
 * has its letters percent-encoded, which readers decode like any other encoding, or a fingerprint where three characters per
 * letter are more than a file name may have. The others keep their names.
 */
export class PartitionFolders {
  /** By the name in lower case: which one has it. */
  readonly #names = new Map<string, string>();

  /** @param known names of folders that are there */
  constructor(known: Iterable<string> = []) {
    // Where both are there, the plain one has the name.
    const plainFirst = [...known].sort((a, b) => Number(decodeLetters(a) !== a) - Number(decodeLetters(b) !== b));
    for (const name of plainFirst) this.nameFor(decodeLetters(name));
  }

  /** Those of an archive's tables. */
  static async ofArchive(disk: Disk, archive: string, tables: readonly string[]): Promise<PartitionFolders> {
    const names = await Promise.all(tables.map((table) => disk.list(join(archive, table))));
    return new PartitionFolders(names.flatMap((list) => list ?? []).filter((name) => partitionKeyOf(name) === 'room'));
  }

  /** @param name of `partitionFolder` */
  nameFor(name: string): string {
    const folded = name.toLowerCase();
    const known = this.#names.get(folded);
    if (known === undefined) this.#names.set(folded, name);
    return known === undefined || known === name ? name : distinctName(name);
  }
}

function distinctName(name: string): string {
  const encoded = encodeLetters(name);
  const valueAt = name.indexOf('=') + 1;
  if (encoded.length - valueAt <= longestEncoded) return encoded;
  return name.slice(0, valueAt) + fingerprintedName(name.slice(valueAt));
}

/** But for those of the key, and of what is encoded already: its hex digits are the same for both rooms. */
function encodeLetters(name: string): string {
  return name.replaceAll(/^\w+=|%[0-9A-F]{2}|[A-Za-z]/g, (found) =>
    found.length > 1 ? found : `%${found.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function decodeLetters(name: string): string {
  return name.replaceAll(/%([46][1-9A-F]|[57][0-9A])/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
