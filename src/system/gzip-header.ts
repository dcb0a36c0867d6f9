/** RFC 1952: where the header says on which system it was made. */
export const systemOffset = 9;

/** "Unknown", where zlib would write the system that it runs on: the same bytes everywhere. */
export const unknownSystem = 255;
