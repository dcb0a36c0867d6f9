import { promisify } from 'node:util';
import { constants, crc32, deflateRaw, gzipSync } from 'node:zlib';
import { systemOffset, unknownSystem } from '../../system/gzip-header.ts';
import type { BlockCodec } from './block-codec.ts';

const deflateBlock = promisify(deflateRaw);

/** RFC 1952: no name, no modification time, no system. */
const header = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, unknownSystem);
/** RFC 1951: a last block with nothing in it. */
const lastBlock = Uint8Array.of(0x03, 0x00);

/**
 * One gzip member (not every reader continues with a second one). Each block is deflated by itself, off this thread, and
 * ends on a byte boundary (a sync flush), which is how pigz cuts its work.
 *
 * The bytes depend on the zlib inside Node: another Node or processor may give others for the same rows.
 */
export function gzipCodec(): BlockCodec {
  let started = false;
  let checksum = 0;
  let sizeBytes = 0;
  return {
    async compress(block) {
      checksum = crc32(block, checksum);
      sizeBytes += block.length;
      const deflated = await deflateBlock(block, { finishFlush: constants.Z_SYNC_FLUSH });
      if (started) return deflated;
      started = true;
      return Buffer.concat([header, deflated]);
    },
    end() {
      const trailer = Buffer.alloc(8);
      trailer.writeUInt32LE(checksum, 0);
      // RFC 1952: the length modulo 2^32.
      trailer.writeUInt32LE(sizeBytes % 2 ** 32, 4);
      return Buffer.concat([lastBlock, trailer]);
    },
  };
}

/** A whole gzip file made of `bytes`, with a header that names no system: for the pages of a Parquet file. */
export function gzip(bytes: Uint8Array): Uint8Array {
  const compressed = gzipSync(bytes);
  compressed[systemOffset] = unknownSystem;
  return compressed;
}
