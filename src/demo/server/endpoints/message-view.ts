import { byteText, projectDocument } from '../../workspace/stored-message.ts';
import type { ByteText, StoredMessage } from '../../workspace/stored-message.ts';

/**
 * A message for one user: of the stars only the user's own is left (which may be none).
 *
 * Source: app/utils/server/lib/normalizeMessagesForUser.ts. With UI_Use_Real_Name off, as here, nothing else changes.
 */
export function viewBytes(message: StoredMessage, userId: string, projection: 'projected' | 'whole'): ByteText {
  if (message.starredIds.every((id) => id === userId)) {
    return projection === 'projected' ? message.projectedBytes() : message.bytes();
  }
  const document = message.document();
  // Only lists are reduced: the single object of old documents is sent as it is.
  if (!Array.isArray(document['starred']))
    return projection === 'projected' ? message.projectedBytes() : message.bytes();
  const starred = message.starredIds.filter((id) => id === userId).map((_id) => ({ _id }));
  return byteText({ ...(projection === 'projected' ? projectDocument(document) : document), starred });
}
