import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { walkFiles } from '../../../src/archive/walk-files.ts';
import { readText } from '../../../src/readers/read-text.ts';
import { nodeDisk } from '../../../src/system/disk.ts';

/**
 * In which files below a folder a text stands, as it is or in a form that gives it away: their bytes, what they unpack to
 * (gzip, zstd, Parquet, zip), and their names.
 *
 * @param texts by what they are
 * @returns `<what> in <name>`, sorted
 */
export async function findTexts(folder: string, texts: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const found = new Set<string>();
  for await (const { name, path } of walkFiles(nodeDisk, folder)) {
    const contents = [Buffer.from(decodeURIComponent(name)), readFileSync(path), await unpacked(path)];
    for (const [what, text] of Object.entries(texts)) {
      if (contents.some((bytes) => holds(bytes, text))) found.add(`${what} in ${name}`);
    }
  }
  return [...found].sort();
}

/** Whether bytes hold a text, also in lower case, escaped, as hex, or as base64 wherever it begins in three bytes. */
export function holds(bytes: Buffer, text: string): boolean {
  return (
    formsOf(text).some((form) => bytes.includes(form)) ||
    bytes.toString('latin1').toLowerCase().includes(text.toLowerCase())
  );
}

function formsOf(text: string): readonly (string | Buffer)[] {
  const bytes = Buffer.from(text);
  const encoded = [0, 1, 2].flatMap((shift) => {
    // Letters that depend on the text alone.
    const letters = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .slice(shift === 0 ? 0 : shift + 1);
    const own = letters.slice(0, Math.floor(((bytes.length - 2) * 4) / 3));
    return [own, own.replaceAll('+', '-').replaceAll('/', '_')];
  });
  return [
    ...[text, JSON.stringify(text).slice(1, -1), encodeURIComponent(text), bytes.toString('hex')],
    ...[Buffer.from(text, 'utf16le'), ...encoded],
  ];
}

async function unpacked(path: string): Promise<Buffer> {
  if (path.endsWith('.parquet')) {
    const rows = await parquetReadObjects({ file: await asyncBufferFromFile(path), compressors });
    return Buffer.from(
      JSON.stringify(rows, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)),
    );
  }
  if (path.endsWith('.gz')) return gunzipSync(readFileSync(path));
  if (path.endsWith('.zip')) return execFileSync('unzip', ['-p', path], { maxBuffer: 1 << 28 });
  if (!path.endsWith('.zst')) return Buffer.alloc(0);
  let text = '';
  for await (const piece of readText(nodeDisk, path)) text += piece;
  return Buffer.from(text);
}
