import type { Disk } from '../system/disk.ts';
import { decodeFrame, frameBytes, type StoredFrame } from './frame.ts';

/**
 * The whole frames of a journal from byte `fromByte` on, in order. Ends at the first frame that is cut or damaged: what
 * a crash leaves, or what is being written at this moment. A missing file has no frames.
 */
export async function* readFrames(
  disk: Pick<Disk, 'sizeBytes' | 'readChunks'>,
  path: string,
  fromByte = 0,
): AsyncGenerator<StoredFrame> {
  if ((await disk.sizeBytes(path)) === undefined) return;
  yield* framesIn(disk.readChunks(path, fromByte), fromByte);
}

/** The same of the bytes of a journal, cut anywhere. @param fromByte where in the file the first of them stands */
export async function* framesIn(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  fromByte: number,
): AsyncGenerator<StoredFrame> {
  let endByte = fromByte;
  let waiting: Uint8Array[] = [];
  let waitingBytes = 0;
  let neededBytes = 1;
  for await (const chunk of chunks) {
    waiting.push(chunk);
    waitingBytes += chunk.length;
    if (waitingBytes < neededBytes) continue;
    let bytes = inOne(waiting, waitingBytes);
    for (;;) {
      neededBytes = frameBytes(bytes) ?? bytes.length + 1;
      if (bytes.length < neededBytes) break;
      const decoded = decodeFrame(bytes);
      if (decoded === undefined) return;
      endByte += decoded.sizeBytes;
      bytes = bytes.subarray(decoded.sizeBytes);
      yield { frame: decoded.frame, body: decoded.body, endByte };
    }
    waiting = bytes.length === 0 ? [] : [bytes];
    waitingBytes = bytes.length;
  }
}

/** Copies nothing where there is nothing to join. */
function inOne(chunks: readonly Uint8Array[], sizeBytes: number): Buffer {
  const [only] = chunks;
  return chunks.length === 1 && only !== undefined
    ? Buffer.from(only.buffer, only.byteOffset, only.length)
    : Buffer.concat(chunks, sizeBytes);
}
