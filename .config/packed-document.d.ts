/** See packed-document.js. */
export function packedDocument(text: string, path: string, isPacked: (path: string) => boolean): string;
