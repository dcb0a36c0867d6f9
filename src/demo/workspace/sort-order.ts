import type { StoredMessage } from './stored-message.ts';

/** A MongoDB sort document: field paths in order of precedence. */
export type SortOrder = readonly (readonly [path: string, direction: 1 | -1])[];

type IndexDirection = 'ascending' | 'descending';

/**
 * Whether the message index {rid:1, ts:1, _updatedAt:1} serves the order by itself. Ties of `ts` then come in the order
 * of `_updatedAt`, which an edit changes. Any other order is a sort in memory.
 *
 * Source: packages/models/src/models/Messages.ts
 */
export function indexDirection(order: SortOrder): IndexDirection | null {
  const first = order[0];
  if (first === undefined) return 'ascending';
  if (first[0] !== 'ts') return null;
  const second = order[1];
  if (second !== undefined && (second[0] !== '_updatedAt' || second[1] !== first[1])) return null;
  return order.length <= 2 ? (first[1] === 1 ? 'ascending' : 'descending') : null;
}

/** Orders documents as MongoDB would, for the value types that messages hold. Stable: ties stay in index order. */
export function sortMessages(messages: readonly StoredMessage[], order: SortOrder): StoredMessage[] {
  const keyed = messages.map((message) => ({ message, keys: order.map(([path]) => sortKey(message, path)) }));
  keyed.sort((a, b) => {
    for (const [at, [, direction]] of order.entries()) {
      const difference = compareValues(a.keys[at], b.keys[at]);
      if (difference !== 0) return difference * direction;
    }
    return 0;
  });
  return keyed.map(({ message }) => message);
}

function sortKey(message: StoredMessage, path: string): unknown {
  switch (path) {
    case '_id':
      return message.id;
    case 'ts':
      return message.tsMs;
    case '_updatedAt':
      return message.updatedAtMs;
    default:
      return path
        .split('.')
        .reduce<unknown>(
          (value, name) => (typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined),
          message.document(),
        );
  }
}

/** BSON comparison order: missing and null, numbers, strings, objects, arrays, booleans. */
function typeRank(value: unknown): number {
  if (value === undefined || value === null) return 0;
  if (typeof value === 'number') return 1;
  if (typeof value === 'string') return 2;
  if (Array.isArray(value)) return 4;
  return typeof value === 'boolean' ? 5 : 3;
}

export function compareValues(a: unknown, b: unknown): number {
  const rank = typeRank(a) - typeRank(b);
  if (rank !== 0) return rank;
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b);
  const left = typeof a === 'string' ? a : JSON.stringify(a ?? null);
  const right = typeof b === 'string' ? b : JSON.stringify(b ?? null);
  return left < right ? -1 : left > right ? 1 : 0;
}
