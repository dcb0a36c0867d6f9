import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, gunzipSync } from 'node:zlib';

/**
 * A reader of archives that shares no line with the program: what docs/archive-format.md says, and nothing else. If a
 * change makes it fail, the format has changed.
 */

type Json = Readonly<Record<string, unknown>>;

export interface ForeignLink {
  readonly run: number;
  readonly sha256: string;
  readonly manifest: Json;
}

const hash = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');
const record = (value: unknown): Json => value as Json;

/** The links in order. @throws when one does not follow the one before */
export function foreignChain(archive: string): readonly ForeignLink[] {
  const links: ForeignLink[] = [];
  for (const name of readdirSync(join(archive, '_manifest')).sort()) {
    if (!/^run-\d{6,}\.json$/.test(name)) continue;
    const bytes = readFileSync(join(archive, '_manifest', name));
    const manifest = record(JSON.parse(bytes.toString()));
    const before = links.at(-1);
    const previous = manifest['previous'] === null ? undefined : record(manifest['previous'])['sha256'];
    if (manifest['run'] !== links.length + 1 || previous !== before?.sha256)
      throw new Error(`${name} breaks the chain`);
    links.push({ run: links.length + 1, sha256: hash(bytes), manifest });
  }
  return links;
}

/** Paths that SHA256SUMS lists, each of which has been hashed. @throws for one that differs */
export function foreignFiles(archive: string): readonly string[] {
  const lines = readFileSync(join(archive, '_manifest/SHA256SUMS'), 'utf8').trimEnd().split('\n');
  return lines.map((line) => {
    const [sha256 = '', path = ''] = line.split('  ');
    if (hash(readFileSync(join(archive, path))) !== sha256) throw new Error(`${path} is not what SHA256SUMS says`);
    return path;
  });
}

/** The text of `_state.json`, replayed. */
export function foreignState(links: readonly ForeignLink[]): string {
  let longestPage: unknown = 0;
  let lists = new Map<string, Json>();
  let changes = new Map<string, Json>();
  let rooms = new Map<string, unknown>();
  let [leftOut, users, memberLists, memberships] = noPeople();
  for (const { manifest } of links) {
    const change = record(manifest['state']);
    if (change['base'] === 'empty') {
      lists = new Map();
      changes = new Map();
      rooms = new Map();
      [leftOut, users, memberLists, memberships] = noPeople();
    }
    longestPage = change['longestPage'];
    setEntries(lists, record(change['lists']));
    setEntries(changes, record(change['changes']));
    setEntries(rooms, record(change['rooms']));
    setEntries(leftOut, record(change['leftOut'] ?? {}));
    setEntries(users, record(change['users'] ?? {}));
    setEntries(memberLists, record(change['memberLists'] ?? {}));
    setEntries(memberships, record(change['memberships'] ?? {}));
    const reset = change['reset'] as 'all' | readonly string[];
    const isReset = (roomId: unknown): boolean => reset === 'all' || reset.some((id) => id === roomId);
    for (const [key, list] of lists) {
      if (!isReset(list['roomId'])) continue;
      const cursor = { watermark: null, offset: 0, deliveredIds: [] };
      lists.set(key, { ...list, cursor, complete: false, seen: null, holes: [] });
    }
    for (const roomId of [...rooms.keys()].filter(isReset)) rooms.delete(roomId);
    for (const [key, feed] of changes) if (isReset(key)) changes.set(key, { ...feed, seen: null });
    for (const [key, list] of memberLists) if (isReset(key)) memberLists.set(key, { ...list, seen: null });
    for (const [key, member] of memberships) {
      if (isReset(key.split(' ')[0])) memberships.set(key, { ...member, digest: null });
    }
    if (reset === 'all') for (const [key, user] of users) users.set(key, { ...user, digest: null });
  }
  const digests = JSON.stringify(Object.fromEntries([...rooms].sort(([a], [b]) => (a < b ? -1 : 1))));
  const entries = (map: ReadonlyMap<string, Json>): string => {
    const lines = [...map]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`);
    return lines.length === 0 ? '{}' : `{\n${lines.map((line) => `    ${line}`).join(',\n')}\n  }`;
  };
  return `{\n  "version": 2,\n  "longestPage": ${String(longestPage)},\n  "lists": ${entries(lists)},\n  "changes": ${entries(changes)},\n  "rooms": ${digests}${Object.entries(
    { leftOut, users, memberLists, memberships },
  )
    .flatMap(([name, part]) => (part.size === 0 ? [] : `,\n  ${JSON.stringify(name)}: ${entries(part)}`))
    .join('')}\n}\n`;
}

function noPeople(): readonly [Map<string, Json>, Map<string, Json>, Map<string, Json>, Map<string, Json>] {
  return [new Map(), new Map(), new Map(), new Map()];
}

function setEntries<T>(map: Map<string, T>, changed: Readonly<Record<string, unknown>>): void {
  for (const [key, value] of Object.entries(changed)) {
    if (value === null) map.delete(key);
    else map.set(key, value as T);
  }
}

export interface ForeignFrame {
  readonly frame: Json;
  readonly body: string;
}

/** The frames of a journal up to the first that is cut or damaged. */
export function foreignFrames(path: string): readonly ForeignFrame[] {
  let bytes = path.endsWith('.gz') ? gunzipSync(readFileSync(path)) : readFileSync(path);
  const frames: ForeignFrame[] = [];
  for (;;) {
    const headerEnd = bytes.indexOf(0x0a);
    const [checksum, header] = [bytes.toString('latin1', 0, 8), bytes.subarray(9, headerEnd)];
    if (headerEnd < 10 || crc32(header) !== Number.parseInt(checksum, 16)) return frames;
    const { journal, frame, bodyBytes, bodyCrc32 } = record(JSON.parse(header.toString()));
    const bodyEnd = headerEnd + 1 + Number(bodyBytes);
    const body = bytes.subarray(headerEnd + 1, bodyEnd);
    if (journal !== 2 || bytes[bodyEnd] !== 0x0a || crc32(body) !== bodyCrc32) return frames;
    frames.push({ frame: record(frame), body: body.toString() });
    bytes = bytes.subarray(bodyEnd + 1);
  }
}
