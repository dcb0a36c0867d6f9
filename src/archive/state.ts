import type { Cursor } from '../stream.ts';
import { sortedByKey, toJsonText } from './canonical-json.ts';
import { JsonNode } from './json-node.ts';

/** What the next run must know of a stream. */
export interface StreamState {
  readonly endpoint: string;
  readonly roomId: string;
  /** The name at the time of the last run, for people. */
  readonly roomName: string;
  /** As the room list tells it; absent in states of older programs. */
  readonly roomType?: string;
  /** Names it had before, in order of the alphabet; absent when there are none. */
  readonly formerNames?: readonly string[];
  readonly cursor: Cursor;
  /** Rows taken over all runs. */
  readonly messages: number;
  /** Whether the last walk reached the end of the list. */
  readonly complete: boolean;
  /**
   * What the room list showed when it was last read to its end: while it shows the same, there is nothing new. null: it
   * has to be asked anyway.
   */
  readonly seen: string | null;
  /** Set when the last run that looked for the room did not find it, and said so in a gap. */
  readonly gone?: true;
}

/** Where an archive stands after its last published run. Kept in `_state.json` and, as evidence, in every manifest. */
export interface State {
  readonly version: 1;
  /** Number of the last published run; 0 before the first. */
  readonly run: number;
  /** By the caller's key of a stream. */
  readonly streams: Readonly<Record<string, StreamState>>;
  /** By endpoint: the most rows the server ever gave in one page. */
  readonly longestPage: Readonly<Record<string, number>>;
}

export const emptyState: State = { version: 1, run: 0, streams: {}, longestPage: {} };

/** As it stands in files: the watermark's time in ISO 8601, for people. */
interface CursorJson extends Omit<Cursor, 'watermark'> {
  readonly watermark: { readonly ts: string; readonly id: string | null } | null;
}

export function cursorToJson({ watermark, offset, takenIds }: Cursor): CursorJson {
  const time = watermark && { ts: new Date(watermark.tsMs).toISOString(), id: watermark.id };
  return { watermark: time, offset, takenIds };
}

export function cursorFromJson(node: JsonNode): Cursor {
  return {
    watermark: node.get('watermark').nullable((watermark) => ({
      tsMs: watermark.get('ts').isoDateMs(),
      id: watermark.get('id').nullable((id) => id.string()),
    })),
    offset: node.get('offset').count(),
    takenIds: node.get('takenIds').list((id) => id.string()),
  };
}

export function stateToJson(state: State): object {
  return {
    version: state.version,
    run: state.run,
    streams: sortedByKey(state.streams, (stream) => ({
      endpoint: stream.endpoint,
      roomId: stream.roomId,
      roomName: stream.roomName,
      ...(stream.roomType !== undefined && { roomType: stream.roomType }),
      ...(stream.formerNames !== undefined && { formerNames: stream.formerNames }),
      cursor: cursorToJson(stream.cursor),
      messages: stream.messages,
      complete: stream.complete,
      seen: stream.seen,
      ...(stream.gone === true && { gone: stream.gone }),
    })),
    longestPage: sortedByKey(state.longestPage, (rows) => rows),
  };
}

function streamFromJson(stream: JsonNode): StreamState {
  const roomType = stream.get('roomType').optional((type) => type.string());
  const formerNames = stream.get('formerNames').optional((names) => names.list((name) => name.string()));
  const gone = stream.get('gone').optional((it) => it.boolean());
  return {
    endpoint: stream.get('endpoint').string(),
    roomId: stream.get('roomId').string(),
    roomName: stream.get('roomName').string(),
    ...(roomType !== undefined && { roomType }),
    ...(formerNames !== undefined && { formerNames }),
    cursor: cursorFromJson(stream.get('cursor')),
    messages: stream.get('messages').count(),
    complete: stream.get('complete').boolean(),
    seen: stream.get('seen').optional((it) => it.nullable((mark) => mark.string())) ?? null,
    ...(gone === true && { gone }),
  };
}

/** @throws JsonShapeError */
export function stateFromJson(node: JsonNode): State {
  return {
    version: node.get('version').version(1),
    run: node.get('run').count(),
    streams: node.get('streams').map(streamFromJson),
    longestPage: node.get('longestPage').map((rows) => rows.count()),
  };
}

/** The text of `_state.json`: equal states give equal bytes. */
export function serializeState(state: State): string {
  return toJsonText(stateToJson(state));
}

/** @throws JsonShapeError */
export function parseState(bytes: Uint8Array): State {
  return stateFromJson(JsonNode.parse(bytes));
}
