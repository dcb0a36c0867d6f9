import { createHash } from 'node:crypto';
import { crc32, deflateSync } from 'node:zlib';

const [width, height] = [160, 90];
const [paper, ink, grid] = [0, 1, 2] as const;
const palette = Buffer.from([0xff, 0xff, 0xff, 0x1f, 0x6f, 0xb2, 0xdd, 0xdd, 0xdd]);

/** A graph as PNG, another one for each id: a curve over a grid. Source: www.w3.org/TR/png */
export function pngImage(id: string): Buffer {
  const seed = createHash('sha256').update(id).digest();
  const rows = Buffer.alloc((width + 1) * height, paper);
  const dot = (x: number, y: number, color: number): void => void (rows[y * (width + 1) + 1 + x] = color);
  for (let y = 0; y < height; y += 15) for (let x = 0; x < width; x += 1) dot(x, y, grid);
  let at = height / 2;
  for (let x = 0; x < width; x += 1) {
    at = Math.min(height - 3, Math.max(2, at + ((seed[x % seed.length] ?? 0) % 7) - 3));
    for (let y = at - 1; y <= at + 1; y += 1) dot(x, y, ink);
  }
  for (let y = 0; y < height; y += 1) rows[y * (width + 1)] = 0;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // Eight bits for each dot, of a palette.
  header.set([8, 3, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('PLTE', palette),
    // Not compressed: another zlib would make other bytes, and messages say how many there are.
    chunk('IDAT', deflateSync(rows, { level: 0 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(name: string, content: Uint8Array): Buffer {
  const named = Buffer.concat([Buffer.from(name), content]);
  const [size, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  size.writeUInt32BE(content.length);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([size, named, sum]);
}
