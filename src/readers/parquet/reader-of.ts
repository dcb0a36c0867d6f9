/** What hyparquet's decoders read from: bytes, and how far they have come. */
export interface Reader {
  readonly view: DataView<ArrayBuffer>;
  offset: number;
}

/** @param offset where to begin */
export function readerOf({ buffer, byteOffset, byteLength }: Uint8Array, offset = 0): Reader {
  // hyparquet's types ask for this buffer, and its functions return bytes of any; no shared memory comes in here.
  // eslint-disable-next-line @typescript-eslint/consistent-type-assertions
  return { view: new DataView(buffer as ArrayBuffer, byteOffset, byteLength), offset };
}
