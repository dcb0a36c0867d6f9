import { FormatError } from './format-error.ts';

const magic = 0xfd2fb528;
const magicBytes = 4;
const blockHeaderBytes = 3;
const checksumBytes = 4;
const rleBlock = 1;
const reservedBlock = 3;

/**
 * Cuts a zstd file into its frames, which are decompressed one by one. The sinks write one frame per megabyte, so this
 * needs no more memory than a frame or two.
 *
 * @throws FormatError for what is no frame, and for a file that ends within one
 */
export async function* zstdFrames(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let rest: Uint8Array = new Uint8Array();
  for await (const chunk of chunks) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    for (;;) {
      const length = frameLength(rest);
      if (length === undefined || length > rest.length) break;
      yield rest.subarray(0, length);
      rest = rest.subarray(length);
    }
  }
  if (rest.length > 0) throw new FormatError('it ends within a zstd frame');
}

/** By the headers of a frame and its blocks (RFC 8878, section 3.1.1); undefined: more bytes are needed to tell. */
function frameLength(bytes: Uint8Array): number | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes.length <= magicBytes) return undefined;
  if (view.getUint32(0, true) !== magic) throw new FormatError('it is no zstd file, or damaged');
  const descriptor = view.getUint8(magicBytes);
  const isSingleSegment = (descriptor & 0x20) !== 0;
  const hasChecksum = (descriptor & 0x04) !== 0;
  const windowBytes = isSingleSegment ? 0 : 1;
  const dictionaryIdBytes = [0, 1, 2, 4][descriptor & 3] ?? 0;
  const contentSizeBytes = [isSingleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0;
  let at = magicBytes + 1 + windowBytes + dictionaryIdBytes + contentSizeBytes;
  for (let isLast = false; !isLast;) {
    if (at + blockHeaderBytes > bytes.length) return undefined;
    const header = view.getUint16(at, true) | (view.getUint8(at + 2) << 16);
    const type = (header >> 1) & 3;
    if (type === reservedBlock) throw new FormatError('it is no zstd file, or damaged');
    isLast = (header & 1) === 1;
    // A block of one byte repeated says how often, and has the byte.
    at += blockHeaderBytes + (type === rleBlock ? 1 : header >> 3);
  }
  return at + (hasChecksum ? checksumBytes : 0);
}
