import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { sampleFile } from '../../../../src/demo/sample/files/sample-file.ts';
import { inTemporaryFolder } from '../../../support/disk/temporary-folder.ts';

/** What Python's own readers make of a file. */
const script = `
import sys, zipfile, zlib, struct
data = open(sys.argv[1], 'rb').read()
if sys.argv[2] == 'xlsx':
    archive = zipfile.ZipFile(sys.argv[1]); assert archive.testzip() is None
    print(len(archive.namelist()))
else:
    assert data[:8] == b'\\x89PNG\\r\\n\\x1a\\n'; at = 8; pixels = b''
    while at < len(data):
        size, = struct.unpack('>I', data[at:at+4]); name = data[at+4:at+8]; body = data[at+8:at+8+size]
        assert struct.unpack('>I', data[at+8+size:at+12+size])[0] == zlib.crc32(name + body)
        if name == b'IDAT': pixels += body
        at += 12 + size
    print(len(zlib.decompress(pixels)))
`;

describe('files of the sample', () => {
  it.each([
    ['png', 161 * 90],
    ['xlsx', 5],
  ])('%s can be read by others', async (format, expected) => {
    await inTemporaryFolder(async (folder) => {
      const path = join(folder, 'file');
      await writeFile(path, sampleFile('rbAXPnMktTFbNpwtJ', format));
      expect(Number(execFileSync('python3', ['-c', script, path, format], { encoding: 'utf8' }))).toBe(expected);
    });
  });

  it.each([
    ['png', '89504e47'],
    ['jpeg', 'ffd8fffe'],
    ['pdf', '25504446'],
    ['xlsx', '504b0304'],
    ['mp3', '49443303'],
    ['mp4', '00000018'],
  ])('%s begins as its type does, and each id has its own', (format, magic) => {
    const file = sampleFile('rbAXPnMktTFbNpwtJ', format);
    expect(file.subarray(0, 4).toString('hex')).toBe(magic);
    expect(file.equals(sampleFile('rbAXPnMktTFbNpwtJ', format))).toBe(true);
    expect(file.equals(sampleFile('aBAXPnMktTFbNpwtJ', format))).toBe(false);
    expect(file.length).toBeLessThan(20_000);
  });
});
