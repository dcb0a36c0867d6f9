import type { WorkspaceUpload } from '../../workspace/workspace.ts';
import { pngImage } from './png-image.ts';

/** 2020-01-01T00:00:00Z */
const uploadedAtMs = 1_577_836_800_000;

/** Pictures that some have and some have not. @param keys usernames, or `room/` and the id of a room */
export function sampleAvatars(keys: readonly string[]): Readonly<Record<string, WorkspaceUpload>> {
  return Object.fromEntries(
    keys.map((key) => {
      const content = pngImage(`avatar of ${key}`);
      return [key, { id: `avatar-${key}`, name: key, type: 'image/png', content, uploadedAtMs }];
    }),
  );
}
