import { fingerprintedName, fittingName } from '../archive/paths/fitting-name.ts';

/**
 * Gives each file a folder of its own, named by its id. On disks that ignore case two ids that differ in case only would
 * share one: the second one gets a fingerprint.
 */
export class FileFolders {
  /** By the name in lower case: which one has it. */
  readonly #names = new Map<string, string>();

  /** @param known names of folders that the archive has */
  constructor(known: Iterable<string>) {
    // Where both are there, the plain one has the name.
    const plainFirst = [...known].sort((a, b) => Number(a.includes(marked)) - Number(b.includes(marked)));
    for (const name of plainFirst) if (!this.#names.has(name.toLowerCase())) this.#names.set(name.toLowerCase(), name);
  }

  /** The same for the same id, in this archive, for ever. */
  nameFor(fileId: string): string {
    const plain = fittingName(encoded(fileId));
    const known = this.#names.get(plain.toLowerCase());
    if (known === undefined) this.#names.set(plain.toLowerCase(), plain);
    return known === undefined || known === plain ? plain : fingerprintedName(encoded(fileId));
  }
}

/** Begins the fingerprint, see fingerprintedName: no encoded id holds it otherwise. */
const marked = '%7E';

/** Letters, digits, `-` and `_` are themselves: so are all of the ids that the server makes. */
function encoded(fileId: string): string {
  const bytes = Buffer.from(fileId);
  let name = '';
  for (const byte of bytes) {
    const sign = String.fromCharCode(byte);
    name += /[\w-]/.test(sign) ? sign : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  // No file on Windows may be called `nul`.
  return /^(con|prn|aux|nul|com\d|lpt\d)$/i.test(name)
    ? `%${bytes.toString('hex', 0, 1).toUpperCase()}${name.slice(1)}`
    : name;
}
