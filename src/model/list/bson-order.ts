import type { UndatedKey } from '../stream.ts';

/** Order of types in BSON, as far as JSON can show them: a `ts` of any of these stands before all dates. */
const rankOf: Readonly<Record<UndatedKey['type'], number>> = { null: 0, number: 1, text: 2, object: 3, boolean: 4 };

/**
 * How Date.prototype.toJSON writes: the answers' dates look like this, and so may a text that somebody stored. Years before 0
 * and after 9999, which an import may bring, have a sign and six digits.
 */
export const dateShape = /^(?:\d{4}|[+-]\d{6})-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/**
 * What the server sorts a value by that is no date. undefined: the value looks like a date, and may still be a text.
 *
 * Source: MongoDB manual, "BSON comparison order"; an array is sorted by its smallest element.
 */
export function undatedKey(value: unknown): UndatedKey | undefined {
  if (typeof value === 'string') return dateShape.test(value) ? undefined : { type: 'text', value };
  if (typeof value === 'number') return { type: 'number', value };
  if (typeof value === 'boolean') return { type: 'boolean', value };
  if (Array.isArray(value)) return smallestOf(value);
  if (typeof value === 'object' && value !== null) return { type: 'object', value };
  return { type: 'null', value: null };
}

function smallestOf(elements: readonly unknown[]): UndatedKey {
  return elements.map(keyOf).sort(compareKeys)[0] ?? { type: 'null', value: null };
}

/** Inside an array or an object every text counts as one: it is compared with its like only. */
function keyOf(value: unknown): UndatedKey {
  return undatedKey(value) ?? { type: 'text', value };
}

/** Below zero: `a` comes first. */
export function compareKeys(a: UndatedKey, b: UndatedKey): number {
  if (a.type !== b.type) return rankOf[a.type] - rankOf[b.type];
  const { value: left } = a;
  const { value: right } = b;
  if (typeof left === 'string' && typeof right === 'string') return compareBytes(left, right);
  if (typeof left === 'object' && typeof right === 'object') return compareObjects(left ?? {}, right ?? {});
  const [smaller, larger] = [Number(left), Number(right)];
  // No difference: JSON may hold numbers beyond all doubles, and two of them have none.
  return smaller === larger ? 0 : smaller < larger ? -1 : 1;
}

/** By bytes, as the server's simple collation does. */
function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** Field by field: type, name, value. */
function compareObjects(a: object, b: object): number {
  const [left, right] = [Object.entries(a), Object.entries(b)];
  for (const [at, [name, value]] of left.entries()) {
    const [otherName, otherValue] = right[at] ?? [];
    if (otherName === undefined) return 1;
    const [key, otherKey] = [keyOf(value), keyOf(otherValue)];
    const order =
      rankOf[key.type] - rankOf[otherKey.type] || compareBytes(name, otherName) || compareKeys(key, otherKey);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}
