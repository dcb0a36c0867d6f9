import type { MessageFilters, MessageMark, StreamProof } from '../stream.ts';
import { sortedByKey, toJsonText } from './canonical-json.ts';
import { compactionFromJson, compactionToJson } from './compaction-manifest-json.ts';
import type { AnyManifest } from './compaction-manifest.ts';
import { JsonNode } from './json-node.ts';
import { dataFileFromJson, dataFileToJson, hashedFileFromJson, hashedFileToJson } from './manifest-file-json.ts';
import type { Gap, Manifest, ManifestStream } from './manifest.ts';
import { cursorFromJson, cursorToJson, stateFromJson, stateToJson } from './state.ts';

/** Written out field by field: the order is fixed here, and a new field of the proof cannot be forgotten. */
function proofToJson(proof: StreamProof): Required<StreamProof> {
  const mark = (it: MessageMark | null): MessageMark | null => it && { id: it.id, ts: it.ts };
  return {
    pages: proof.pages,
    messages: proof.messages,
    versions: proof.versions,
    first: mark(proof.first),
    last: mark(proof.last),
    totalAtFirstPage: proof.totalAtFirstPage,
    totalAtLastPage: proof.totalAtLastPage,
    seamsChecked: proof.seamsChecked,
    seamsRepaired: proof.seamsRepaired,
  };
}

function proofFromJson(node: JsonNode): StreamProof {
  const count = (key: keyof StreamProof): number => node.get(key).count();
  const total = (key: keyof StreamProof): number | null => node.get(key).nullable((it) => it.count());
  const mark = (key: keyof StreamProof): MessageMark | null =>
    node.get(key).nullable((it) => ({ id: it.get('id').string(), ts: it.get('ts').string() }));
  return {
    pages: count('pages'),
    messages: count('messages'),
    versions: count('versions'),
    first: mark('first'),
    last: mark('last'),
    totalAtFirstPage: total('totalAtFirstPage'),
    totalAtLastPage: total('totalAtLastPage'),
    seamsChecked: count('seamsChecked'),
    seamsRepaired: count('seamsRepaired'),
  };
}

const roomToJson = ({ id, name, type }: ManifestStream['room']): ManifestStream['room'] => ({ id, name, type });

function roomFromJson(node: JsonNode): ManifestStream['room'] {
  return { id: node.get('id').string(), name: node.get('name').string(), type: node.get('type').string() };
}

type SomeFilters = { readonly [K in keyof MessageFilters]: MessageFilters[K] | undefined };

/** Only what is set, in a fixed order. */
function filtersOf({ mentionIds, starredIds, pinned }: SomeFilters): MessageFilters {
  return {
    ...(mentionIds !== undefined && { mentionIds }),
    ...(starredIds !== undefined && { starredIds }),
    ...(pinned !== undefined && { pinned }),
  };
}

function filtersFromJson(node: JsonNode): MessageFilters {
  const ids = (key: keyof MessageFilters): readonly string[] | undefined =>
    node.get(key).optional((list) => list.list((id) => id.string()));
  return filtersOf({
    mentionIds: ids('mentionIds'),
    starredIds: ids('starredIds'),
    pinned: node.get('pinned').optional((it) => it.boolean()),
  });
}

const gapFromJson = (node: JsonNode): Gap => ({
  reason: node.get('reason').string(),
  message: node.get('message').string(),
});

function streamFromJson(node: JsonNode): ManifestStream {
  return {
    endpoint: node.get('endpoint').string(),
    room: roomFromJson(node.get('room')),
    via: node.get('via').oneOf(['messages', 'history', 'changes']),
    filters: filtersFromJson(node.get('filters')),
    proof: proofFromJson(node.get('proof')),
    exported: node.get('exported').count(),
    requests: node.get('requests').nullable((it) => it.count()),
    gap: node.get('gap').nullable(gapFromJson),
    cursor: cursorFromJson(node.get('cursor')),
  };
}

/** The bytes of a manifest: equal manifests give equal text, whatever the order of their keys. */
export function serializeManifest(manifest: AnyManifest): string {
  return toJsonText(manifest.kind === 'export' ? exportToJson(manifest) : compactionToJson(manifest));
}

function exportToJson(manifest: Manifest): object {
  const { tool, job, server, previous } = manifest;
  return {
    version: manifest.version,
    run: manifest.run,
    kind: manifest.kind,
    tool: { name: tool.name, version: tool.version },
    schemaVersion: manifest.schemaVersion,
    job: { name: job.name, sha256: job.sha256 },
    server: {
      url: server.url,
      version: server.version,
      user: { id: server.user.id, username: server.user.username },
    },
    startedAt: manifest.startedAt,
    finishedAt: manifest.finishedAt,
    previous: previous && { path: previous.path, sha256: previous.sha256 },
    gaps: manifest.gaps.map(({ endpoint, room, reason, message }) => {
      return { endpoint, room: roomToJson(room), reason, message };
    }),
    notes: manifest.notes,
    tables: sortedByKey(manifest.tables, (rows) => rows),
    steps: manifest.steps.map(({ step, settings, dropped }) => ({ step, settings, dropped })),
    files: manifest.files.map(dataFileToJson),
    raw: manifest.raw.map(hashedFileToJson),
    badFields: sortedByKey(manifest.badFields, (count) => count),
    requests: sortedByKey(manifest.requests, ({ requests, retries, rateLimited, waitedMs }) => {
      return { requests, retries, rateLimited, waitedMs: Math.round(waitedMs) };
    }),
    streams: manifest.streams.map((stream) => ({
      endpoint: stream.endpoint,
      room: roomToJson(stream.room),
      via: stream.via,
      filters: filtersOf(stream.filters),
      exported: stream.exported,
      proof: proofToJson(stream.proof),
      requests: stream.requests,
      gap: stream.gap && { reason: stream.gap.reason, message: stream.gap.message },
      cursor: cursorToJson(stream.cursor),
    })),
    unchanged: manifest.unchanged,
    state: stateToJson(manifest.state),
  };
}

/**
 * Reads a manifest of this version, passing over what later minor versions add.
 *
 * @throws JsonShapeError when a field is missing or of a wrong type, or a path leads out of its folder
 */
export function parseManifest(bytes: Uint8Array): AnyManifest {
  const node = JsonNode.parse(bytes);
  node.get('version').version(1);
  // Before there were compactions, no kind was written.
  const kind = node.get('kind').optional((it) => it.oneOf(['export', 'compaction'])) ?? 'export';
  return kind === 'export' ? exportFromJson(node) : compactionFromJson(node);
}

function exportFromJson(node: JsonNode): Manifest {
  const version = node.get('version').version(1);
  const run = node.get('run').count(1);
  const [tool, job, server] = [node.get('tool'), node.get('job'), node.get('server')];
  return {
    version,
    run,
    kind: 'export',
    tool: { name: tool.get('name').string(), version: tool.get('version').string() },
    schemaVersion: node.get('schemaVersion').count(),
    job: { name: job.get('name').string(), sha256: job.get('sha256').sha256() },
    server: {
      url: server.get('url').string(),
      version: server.get('version').nullable((it) => it.string()),
      user: { id: server.get('user').get('id').string(), username: server.get('user').get('username').string() },
    },
    startedAt: node.get('startedAt').string(),
    finishedAt: node.get('finishedAt').string(),
    gaps: node.get('gaps').list((gap) => ({
      endpoint: gap.get('endpoint').string(),
      room: roomFromJson(gap.get('room')),
      ...gapFromJson(gap),
    })),
    notes: node.get('notes').list((note) => note.string()),
    tables: node.get('tables').map((rows) => rows.count()),
    steps: node.get('steps').list((step) => ({
      step: step.get('step').string(),
      settings: step.get('settings').map((setting) => setting.json()),
      dropped: step.get('dropped').count(),
    })),
    files: node.get('files').list((file) => dataFileFromJson(file, run)),
    raw: node.get('raw').list(hashedFileFromJson),
    badFields: node.get('badFields').map((count) => count.count()),
    requests: node.get('requests').map((counts) => ({
      requests: counts.get('requests').count(),
      retries: counts.get('retries').count(),
      rateLimited: counts.get('rateLimited').count(),
      waitedMs: counts.get('waitedMs').count(),
    })),
    streams: node.get('streams').list(streamFromJson),
    unchanged: node.get('unchanged').optional((keys) => keys.list((key) => key.string())) ?? [],
    state: stateFromJson(node.get('state')),
    previous: node.get('previous').nullable((it) => ({
      path: it.get('path').string(),
      sha256: it.get('sha256').sha256(),
    })),
  };
}
