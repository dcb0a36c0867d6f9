/** What is written for a value of a type. Each throws TypeError for anything else. */
export type Convert<Written> = (value: unknown) => Written;

export function textConversion(path: string): Convert<string> {
  return (value) => (typeof value === 'string' ? value : refuse(path, 'a string'));
}

/** Epoch milliseconds. */
export function timeConversion(path: string): Convert<number> {
  return (value) =>
    value instanceof Date && !Number.isNaN(value.getTime()) ? value.getTime() : refuse(path, 'a date');
}

export function integerConversion(path: string): Convert<number> {
  return (value) => (typeof value === 'number' && Number.isSafeInteger(value) ? value : refuse(path, 'a safe integer'));
}

export function booleanConversion(path: string): Convert<boolean> {
  return (value) => (typeof value === 'boolean' ? value : refuse(path, 'a boolean'));
}

/**
 * A value that is not of its column's type is a bug of whoever made the row, found while the row is there: an encoder
 * would find it later, or never.
 */
export function refuse(path: string, expected: string): never {
  throw new TypeError(`Cannot write a value of column "${path}" to Parquet: expected ${expected}`);
}
