const endings: Readonly<Record<string, string>> = {
  'image/png': '.png',
  'image/jpeg': '.jpg',
  'image/gif': '.gif',
  'image/webp': '.webp',
  'image/svg+xml': '.svg',
};

/** The ending by which a picture is opened; none for a type that is no picture's. @param mimeType null: the server said none */
export function pictureEnding(mimeType: string | null): string {
  return endings[mimeType ?? ''] ?? '';
}
