/** In Thrift's compact protocol: field 3 of the footer, an i64 that is 0, and field 4, a list with nothing in it. */
const noRowGroups = Buffer.of(0x16, 0x00, 0x19, 0x00);
/** The type of the elements, a struct, in the lower half of a list's header. */
const structType = 0x0c;

/**
 * Mends the footer of a file without row groups, whose list of them hyparquet-writer 0.17 writes with elements of the type
 * 0, which is none: arrow-rs refuses the file. The four bytes stand nowhere before: no field of a schema is an i64.
 * Source: parquet.thrift (FileMetaData), thrift-compact-protocol.md (List and Set)
 *
 * @param bytes of the whole file; changed in place
 */
export function mendEmptyParquet(bytes: Uint8Array): void {
  const at = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).indexOf(noRowGroups);
  if (at === -1) throw new Error('A Parquet file without rows has another footer than hyparquet-writer 0.17 writes');
  bytes[at + noRowGroups.length - 1] = structType;
}
