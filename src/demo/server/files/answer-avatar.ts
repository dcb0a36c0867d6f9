import type { Reply } from '../reply.ts';
import type { FileCall } from './answer-file.ts';
import { userOfFileCall } from './user-of-file-call.ts';

/** Whether a path is that of an avatar. */
export function isAvatarPath(path: string): boolean {
  return path.startsWith('/avatar/');
}

/**
 * Answers with the picture of a user, or of a room by its id; without one, and to strangers where avatars are kept from
 * them, with the first letter drawn. Only a room that is not there is 404.
 *
 * Source: apps/meteor/server/routes/avatar/user.ts, room.ts, utils.ts, middlewares/auth.ts
 */
export function answerAvatar({ workspace, rules, path, params, headers }: FileCall): Reply {
  const key = decodeURIComponent(path.slice('/avatar/'.length));
  const roomId = key.startsWith('room/') ? key.slice('room/'.length) : undefined;
  if (rules.blocksAvatars && userOfFileCall(workspace, params, headers, false) === undefined) return drawn(key, {});
  const room = roomId === undefined ? undefined : workspace.room(roomId);
  if (key === '' || (roomId !== undefined && room === undefined)) {
    return { status: 404, headers: {}, body: Buffer.alloc(0) };
  }
  const picture = workspace.avatar(key);
  if (picture === undefined) return drawn(room?.name ?? key, { 'last-modified': 'Thu, 01 Jan 2015 00:00:00 GMT' });
  const shown = {
    'content-security-policy': "default-src 'none'",
    'last-modified': new Date(picture.uploadedAtMs).toUTCString(),
    'content-type': picture.type,
  };
  return { status: 200, headers: { ...cached, ...shown }, body: Buffer.from(picture.content) };
}

const cached = { 'cache-control': 'public, max-age=3600', 'content-disposition': 'inline' };

function drawn(name: string, date: Readonly<Record<string, string>>): Reply {
  const letter = name
    .replaceAll(/[^A-Za-z0-9]/g, '')
    .slice(0, 1)
    .toUpperCase();
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 200"><text x="50%" y="50%">${letter}</text></svg>`;
  return { status: 200, headers: { ...cached, ...date, 'content-type': 'image/svg+xml' }, body: Buffer.from(svg) };
}
