import type { IncomingHttpHeaders } from 'node:http';
import type { Params } from '../params.ts';
import type { Reply } from '../reply.ts';
import type { ServerSettings } from '../server-settings.ts';
import type { Workspace, WorkspaceUpload, WorkspaceUser } from '../../workspace/workspace.ts';
import { userOfFileCall } from './user-of-file-call.ts';

export interface FileCall {
  readonly workspace: Workspace;
  readonly rules: Pick<ServerSettings, 'protectsFiles' | 'restrictsFiles' | 'blocksAvatars'>;
  /** Of the address, below the workspace. */
  readonly path: string;
  readonly params: Params;
  readonly headers: IncomingHttpHeaders;
}

const filePath = /^\/file-upload\/([^/]+)\//;

/** Whether a path is that of an upload. */
export function isFilePath(path: string): boolean {
  return path.startsWith('/file-upload/');
}

/**
 * Answers as a workspace that keeps its files on its own disk: 404 for an id it does not know, before it asks who wants it;
 * 403 to strangers, and to who is no member of the file's room where that is asked for; a part for a range with both ends. No API, so
 * no rate limit.
 *
 * Source: apps/meteor/app/file-upload/server/lib/requests.ts, lib/FileUpload.ts (requestCanAccessFiles), config/FileSystem.ts
 */
export function answerFile({ workspace, rules, path, params, headers }: FileCall): Reply {
  const id = filePath.exec(path)?.[1];
  const upload = id === undefined ? undefined : workspace.upload(decodeURIComponent(id));
  if (upload === undefined) return { status: 404, headers: {}, body: Buffer.alloc(0) };
  if (rules.protectsFiles && !mayRead(userOfFileCall(workspace, params, headers), upload, workspace, rules)) {
    return { status: 403, headers: {}, body: Buffer.alloc(0) };
  }
  return partOf(upload, headers.range, {
    'content-security-policy': "default-src 'none'",
    'cache-control': 'max-age=31536000',
    'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(upload.name)}`,
    'last-modified': new Date(upload.uploadedAtMs).toUTCString(),
    'content-type': upload.type,
  });
}

function mayRead(
  user: WorkspaceUser | undefined,
  { roomId }: WorkspaceUpload,
  workspace: Workspace,
  { restrictsFiles }: FileCall['rules'],
): boolean {
  if (user === undefined) return false;
  return !restrictsFiles || roomId === undefined || workspace.room(roomId)?.memberIds.has(user.id) === true;
}

/** A range without an end is passed over. Source: apps/meteor/app/file-upload/server/lib/ranges.ts */
function partOf(
  { content }: WorkspaceUpload,
  range: string | undefined,
  headers: Readonly<Record<string, string>>,
): Reply {
  const [, from, to] = /(\d+)-(\d+)/.exec(range ?? '') ?? [];
  if (from === undefined || to === undefined) return { status: 200, headers, body: Buffer.from(content) };
  const [start, stop, size] = [Number(from), Number(to), content.length];
  if (start > size || stop <= start || stop > size) {
    return { status: 416, headers: { 'content-range': `bytes */${size}` }, body: Buffer.alloc(0) };
  }
  return {
    status: 206,
    headers: { ...headers, 'content-range': `bytes ${start}-${stop}/${size}` },
    body: Buffer.from(content.subarray(start, stop + 1)),
  };
}
