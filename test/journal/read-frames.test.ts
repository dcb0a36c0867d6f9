import { crc32 } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { encodeFrame, type Frame, type StoredFrame } from '../../src/journal/frame.ts';
import { readFrames } from '../../src/journal/read-frames.ts';

const frames: fc.Arbitrary<{ readonly frame: Frame; readonly body: Buffer }> = fc.record({
  frame: fc.record({
    kind: fc.constant('gap' as const),
    cursor: fc.constant({ watermark: null, offset: 0, deliveredIds: [] }),
    reason: fc.string(),
    message: fc.string({ unit: 'grapheme' }),
  }),
  body: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
});

const journals = fc.array(frames, { minLength: 1, maxLength: 6 }).map((list) => ({
  list,
  bytes: Buffer.concat(list.map(({ frame, body }) => encodeFrame(frame, body))),
}));

/** A file as a real disk reads it: in pieces, of these sizes over and over. Counts how many were asked for. */
function inPieces(bytes: Buffer, sizesBytes: readonly number[]) {
  const counts = { pieces: 0 };
  const disk: Parameters<typeof readFrames>[0] = {
    sizeBytes: () => Promise.resolve(bytes.length),
    async *readChunks(_, fromByte = 0) {
      for (let at = fromByte; at < bytes.length; counts.pieces += 1) {
        const sizeBytes = sizesBytes[counts.pieces % sizesBytes.length] ?? bytes.length;
        yield await Promise.resolve(bytes.subarray(at, at + sizeBytes));
        at += sizeBytes;
      }
    },
  };
  return { disk, counts };
}

function lengthOf(frames: readonly { readonly frame: Frame; readonly body: Buffer }[]): number {
  return frames.reduce((sum, { frame, body }) => sum + encodeFrame(frame, body).length, 0);
}

async function read(bytes: Buffer, sizesBytes: readonly number[] = [bytes.length], fromByte = 0) {
  const found: StoredFrame[] = [];
  for await (const frame of readFrames(inPieces(bytes, sizesBytes).disk, '/journal', fromByte)) found.push(frame);
  return found;
}

const anySizes = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 5 });

/** Whatever else is true: what is read are the first frames that were written, unchanged. */
async function expectBeginning(
  bytes: Buffer,
  list: readonly { readonly frame: Frame; readonly body: Buffer }[],
  sizesBytes?: readonly number[],
) {
  const found = await read(bytes, sizesBytes);
  expect(found.map(({ frame, body }) => ({ frame, body }))).toEqual(list.slice(0, found.length));
  return found;
}

describe('reading a journal', () => {
  it('gives back what was written, and where each frame ends, in whatever pieces the disk reads it', async () => {
    await fc.assert(
      fc.asyncProperty(journals, anySizes, async ({ list, bytes }, sizesBytes) => {
        const found = await expectBeginning(bytes, list, sizesBytes);
        const ends = list.map((_, at) => lengthOf(list.slice(0, at + 1)));
        expect(found.map(({ endByte }) => endByte)).toEqual(ends);
      }),
    );
  });

  it('reads from the place where a frame ends as if the file began there', async () => {
    await fc.assert(
      fc.asyncProperty(journals, fc.nat(), anySizes, async ({ list, bytes }, from, sizesBytes) => {
        const passed = from % (list.length + 1);
        const rest = await read(bytes, sizesBytes, lengthOf(list.slice(0, passed)));
        expect(rest).toEqual((await read(bytes)).slice(passed));
      }),
    );
  });

  it('does not read on behind a frame that is damaged, whatever length its header says', async () => {
    const [small = Buffer.of(), huge = Buffer.of()] = [10, 1_000_000].map((sizeBytes) =>
      encodeFrame({ kind: 'answer', endpoint: 'me', params: {} }, Buffer.alloc(sizeBytes)),
    );
    const damaged = Buffer.concat([small, huge]);
    damaged.writeUInt8(damaged.readUInt8(small.length) ^ 1, small.length);
    const { disk, counts } = inPieces(damaged, [500]);
    const found: number[] = [];
    for await (const { endByte } of readFrames(disk, '/journal')) found.push(endByte);
    expect(found).toEqual([small.length]);
    expect(counts.pieces).toBe(0);
  });

  it('has no frames where there is no file', async () => {
    const disk = { ...inPieces(Buffer.of(), [1]).disk, sizeBytes: () => Promise.resolve(undefined) };
    expect(await readFrames(disk, '/journal').next()).toEqual({ done: true, value: undefined });
  });

  it('gives the whole frames of one that was cut anywhere', async () => {
    await fc.assert(
      fc.asyncProperty(journals, fc.nat(), anySizes, async ({ list, bytes }, cut, sizesBytes) => {
        const kept = bytes.subarray(0, cut % bytes.length);
        const found = await expectBeginning(kept, list, sizesBytes);
        const whole = list.filter((_, at) => lengthOf(list.slice(0, at + 1)) <= kept.length);
        expect(found).toHaveLength(whole.length);
      }),
    );
  });

  it('gives nothing that was changed, whichever byte it is', async () => {
    await fc.assert(
      fc.asyncProperty(journals, fc.nat(), fc.integer({ min: 1, max: 255 }), async ({ list, bytes }, at, change) => {
        const damaged = Buffer.from(bytes);
        const place = at % bytes.length;
        damaged.writeUInt8(damaged.readUInt8(place) ^ change, place);
        const found = await expectBeginning(damaged, list);
        expect(found.length).toBeLessThan(list.length);
      }),
    );
  });

  it('gives nothing of another version, or of a kind that is not known, however whole it is', async () => {
    const frames: readonly string[] = [
      '{"journal":2,"frame":{"kind":"plan"},"bodyBytes":0,"bodyCrc32":0}',
      '{"journal":3,"frame":{"kind":"plan"},"bodyBytes":0,"bodyCrc32":0}',
      '{"journal":2,"frame":{"kind":"tomorrow"},"bodyBytes":0,"bodyCrc32":0}',
      '{"journal":2,"frame":{"kind":"toString"},"bodyBytes":0,"bodyCrc32":0}',
      '{"journal":2,"frame":{"kind":"plan"},"bodyBytes":"0","bodyCrc32":0}',
    ];
    const found = frames.map((json) => read(Buffer.from(`${crc32(json).toString(16).padStart(8, '0')} ${json}\n\n`)));
    expect((await Promise.all(found)).map((list) => list.length)).toEqual([1, 0, 0, 0, 0]);
  });

  it('gives nothing of what never was a journal', async () => {
    for (const text of ['', '\n', '00000000 \n', '00000000\n', '\0'.repeat(5_000), 'deadbeef {}\nbody\n']) {
      expect(await read(Buffer.from(text))).toEqual([]);
    }
  });
});
