import { isArray } from '../../../model/json/is-array.ts';
import { isRecord } from '../../../model/json/is-record.ts';
import type { IndexDirectory, IndexedMessage, IndexRoom, IndexSegment } from './index-shape.ts';

/** Whether it is the directory of an index, of the version that is read here. */
export function isIndexDirectory(value: unknown): value is IndexDirectory {
  if (!isRecord(value) || value['version'] !== 1) return false;
  const { link, sha256, zone, prefix, messages, rooms, segments } = value;
  return (
    areAll('number', [link, messages]) &&
    areAll('string', [sha256, zone, prefix]) &&
    isArray(rooms) &&
    rooms.every(isRoom) &&
    isArray(segments) &&
    segments.every(isIndexSegment)
  );
}

function isRoom(value: unknown): value is IndexRoom {
  return isArray(value) && value.length === 4 && areAll('string', value);
}

export function isIndexSegment(value: unknown): value is IndexSegment {
  if (!isRecord(value)) return false;
  const { messages, words, texts } = value;
  return (
    typeof messages === 'number' &&
    isArray(words) &&
    areAll('string', words) &&
    isArray(texts) &&
    texts.every((shard) => isArray(shard) && shard.length === 2 && areAll('number', shard))
  );
}

/** By place in a message: those that are numbers. */
const numeric: ReadonlySet<number> = new Set([3, 4, 8]);
const states: readonly unknown[] = ['', 'edited', 'deleted'];

export function isIndexedMessage(value: unknown): value is IndexedMessage {
  return (
    isArray(value) &&
    value.length === 12 &&
    value.every((part, at) => typeof part === (numeric.has(at) ? 'number' : 'string')) &&
    states.includes(value[9])
  );
}

function areAll(type: 'number' | 'string', values: readonly unknown[]): boolean {
  return values.every((value) => typeof value === type);
}
