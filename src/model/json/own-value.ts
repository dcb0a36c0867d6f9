/** Of a record whose keys are ids from the server: a room called `constructor` finds nothing that it has not put there. */
export function ownValue<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
