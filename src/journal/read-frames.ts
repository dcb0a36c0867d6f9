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
  let endByte = fromByte;
  let waiting: Uint8Array[] = [];
  let waitingBytes = 0;
  let neededBytes = 1;
  for await (const chunk of disk.readChunks(path, fromByte)) {
    waiting.push(chunk);
    waitingBytes += chunk.length;
    if (waitingBytes < neededBytes) continue;
    let bytes = Buffer.concat(waiting, waitingBytes);
    for (;;) {
      neededBytes = frameBytes(bytes) ?? bytes.length + 1;
      if (bytes.length < neededBytes) break;
      const decoded = decodeFrame(bytes);
      if (decoded === undefined) return;
      endByte += decoded.sizeBytes;
      bytes = bytes.subarray(decoded.sizeBytes);
      yield { frame: decoded.frame, body: decoded.body, endByte };
    }
    waiting = [bytes];
    waitingBytes = bytes.length;
  }
}
