import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { encodeFrame, type Frame, type StoredFrame } from '../../src/journal/frame.ts';
import { readFrames } from '../../src/journal/read-frames.ts';
import { MemoryDisk } from '../support/disk/memory-disk.ts';

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

async function read(bytes: Buffer): Promise<readonly StoredFrame[]> {
  const disk = new MemoryDisk();
  const file = await disk.open('/journal', 'truncate');
  await file.write(bytes);
  const found: StoredFrame[] = [];
  for await (const frame of readFrames(disk, '/journal')) found.push(frame);
  return found;
}

/** Whatever else is true: what is read are the first frames that were written, unchanged. */
async function expectBeginning(bytes: Buffer, list: readonly { readonly frame: Frame; readonly body: Buffer }[]) {
  const found = await read(bytes);
  expect(found.map(({ frame, body }) => ({ frame, body }))).toEqual(list.slice(0, found.length));
  return found;
}

describe('reading a journal', () => {
  it('gives back what was written, and where each frame ends', async () => {
    await fc.assert(
      fc.asyncProperty(journals, async ({ list, bytes }) => {
        const found = await expectBeginning(bytes, list);
        expect(found).toHaveLength(list.length);
        expect(found.at(-1)?.endByte).toBe(bytes.length);
      }),
    );
  });

  it('gives the whole frames of one that was cut anywhere', async () => {
    await fc.assert(
      fc.asyncProperty(journals, fc.nat(), async ({ list, bytes }, cut) => {
        const kept = bytes.subarray(0, cut % bytes.length);
        const found = await expectBeginning(kept, list);
        const whole = list.map((_, at) =>
          Buffer.concat(list.slice(0, at + 1).map((one) => encodeFrame(one.frame, one.body))),
        );
        expect(found).toHaveLength(whole.filter(({ length }) => length <= kept.length).length);
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

  it('gives nothing of what never was a journal', async () => {
    for (const text of ['', '\n', '00000000 \n', '00000000\n', '\0'.repeat(5_000), 'deadbeef {}\nbody\n']) {
      expect(await read(Buffer.from(text))).toEqual([]);
    }
  });
});
