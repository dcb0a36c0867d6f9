/**
 * The quick suite tries a part of what only repeats: moments to be cut at, versions of a server, examples of a property.
 * `npm run test:long` runs the files that call this once more, with everything (.config/jest-long.config.js).
 *
 * A test that is a variant of a cheaper one: `const longIt = quickOrLong(it.skip, it)`.
 */
export function quickOrLong<Amount>(quick: Amount, long: Amount): Amount {
  return 'isLongSuite' in globalThis ? long : quick;
}
