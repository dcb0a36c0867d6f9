/** The options without those that are undefined: the parser of the command line, and callers from JavaScript, name such keys. */
export function omitUndefined<T extends object>(options: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  // The type of `fromEntries` knows no key by its name.
  // eslint-disable-next-line @typescript-eslint/consistent-type-assertions
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
