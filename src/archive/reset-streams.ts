import { changesEndpoint, fromTheBeginning } from '../stream.ts';
import { serializeState, type State, type StreamState } from './state.ts';

/**
 * The state with some streams set back to their beginning. They keep their place and their count of messages: the next
 * run knows that their rows were written before.
 */
export function resetStreams(state: State, keys: ReadonlySet<string>): State {
  const streams = Object.entries(state.streams).map(([key, stream]): [string, StreamState] => [
    key,
    keys.has(key) ? reset(stream) : stream,
  ]);
  return { ...state, streams: Object.fromEntries(streams) };
}

/** What changed is still asked for since the last run: what is older comes with the messages. */
function reset(stream: StreamState): StreamState {
  if (stream.endpoint === changesEndpoint) return { ...stream, seen: null };
  return { ...stream, cursor: fromTheBeginning, complete: false, seen: null };
}

/** Whether earlier runs wrote rows of the stream, and the next one reads it from its beginning all the same. */
export function isReset({ cursor, messages }: StreamState): boolean {
  return cursor.watermark === null && messages > 0;
}

/** Which streams of a published state were reset to make another; undefined when the two differ in anything else. */
export function resetSince(published: State, state: State): readonly string[] | undefined {
  const changed = Object.keys(published.streams).filter(
    (key) => JSON.stringify(published.streams[key]) !== JSON.stringify(state.streams[key]),
  );
  const isExplained = serializeState(resetStreams(published, new Set(changed))) === serializeState(state);
  return isExplained ? changed : undefined;
}
