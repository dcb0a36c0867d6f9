/** In UTF-8: file systems allow 255 bytes, Windows 260 characters for a whole path. */
const longestBytes = 120;
/** Longer endings are no endings. */
const longestEndingBytes = 16;

/** No file on Windows may have these, whatever their ending. Source: learn.microsoft.com, "Naming Files, Paths, and Namespaces" */
const deviceName = /^(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[\d¹²³])(?![^. ])/i;

/** What no file system, shell or reader can be fooled by, except the two joiners that scripts and emoji need. */
const unsafe = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\\/:*?"<>|]/gu;

/**
 * A name that stays in its folder on every file system, and looks like what somebody called the file: without control
 * and direction characters, separators, device names, and no longer than 120 bytes. The same name always becomes the same one.
 *
 * @param name as the message has it; null: `file`
 */
export function safeName(name: string | null): string {
  const clean = (name ?? '').normalize('NFC').replaceAll(unsafe, '_');
  const trimmed = trim(clean);
  const spoken = deviceName.test(trimmed) ? `_${trimmed}` : trimmed;
  const fitting = trim(cut(spoken));
  return fitting === '' ? 'file' : fitting;
}

/** Windows takes off dots and spaces at the end; a leading dot hides a file, and `..` leads out of the folder. */
function trim(name: string): string {
  return name.replace(/^[\s.]+|[\s.]+$/gu, '');
}

/** The ending stays: it says by which program the file is opened. */
function cut(name: string): string {
  if (Buffer.byteLength(name) <= longestBytes) return name;
  const at = name.lastIndexOf('.');
  const ending = at > 0 && Buffer.byteLength(name.slice(at)) <= longestEndingBytes ? name.slice(at) : '';
  const kept = firstBytes(name.slice(0, name.length - ending.length), longestBytes - Buffer.byteLength(ending));
  return `${trim(kept)}${ending}`;
}

function firstBytes(text: string, most: number): string {
  let kept = '';
  let bytes = 0;
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > most) break;
    kept += character;
  }
  return kept;
}
