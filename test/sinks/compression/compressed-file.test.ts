import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { compressors } from 'hyparquet-compressors';
import { CompressedFile } from '../../../src/sinks/compression/compressed-file.ts';
import { gzip } from '../../../src/sinks/compression/gzip.ts';
import { OutputFile } from '../../../src/sinks/output-file.ts';
import { loadBlockCodec } from '../../../src/sinks/compression/text-compression.ts';
import { countingDisk } from '../../support/disk/counting-disk.ts';
import { temporaryFolder } from '../../support/disk/temporary-folder.ts';

describe('CompressedFile', () => {
  const pathOf = temporaryFolder();

  async function compressed(pieces: readonly Uint8Array[], compression: 'gzip' | 'zstd'): Promise<Buffer> {
    const codec = await loadBlockCodec(compression);
    if (codec === undefined) throw new Error('No codec');
    const file = new CompressedFile(await OutputFile.open(countingDisk(), pathOf('compressed')), codec);
    for (const piece of pieces) await file.write(piece);
    await file.close();
    return readFile(pathOf('compressed'));
  }

  const blockSizeBytes = 1024 * 1024;
  const text = Buffer.from(Array.from({ length: 150_000 }, (_, index) => `line ${index * 7919}\n`).join(''));
  const inputs: readonly (readonly [string, readonly Uint8Array[]])[] = [
    ['nothing', []],
    ['one byte', [Uint8Array.of(65)]],
    ['one full block', [text.subarray(0, blockSizeBytes)]],
    ['several blocks in one piece', [text]],
    ['several blocks in odd pieces', [text.subarray(0, 1), text.subarray(1, 1_500_000), text.subarray(1_500_000)]],
  ];

  it.each(inputs)('makes one gzip member of %s', async (_, pieces) => {
    const bytes = await compressed(pieces, 'gzip');
    expect(gunzipSync(bytes).equals(Buffer.concat(pieces))).toBe(true);
    // A second member would begin like the first.
    expect(bytes.indexOf(bytes.subarray(0, 10), 1)).toBe(-1);
  });

  it.each(inputs)('makes zstd frames of %s', async (_, pieces) => {
    const bytes = await compressed(pieces, 'zstd');
    const whole = Buffer.concat(pieces);
    expect(bytes.readUInt32LE(0)).toBe(0xfd2fb528);
    expect(Buffer.from(compressors.ZSTD?.(bytes, whole.length) ?? []).equals(whole)).toBe(true);
  });

  it('names neither a time nor a system in a gzip header', async () => {
    const header = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];
    expect([...(await compressed([Buffer.from('text')], 'gzip')).subarray(0, 10)]).toEqual(header);
    expect([...gzip(Buffer.from('text')).subarray(0, 10)]).toEqual(header);
  });
});
