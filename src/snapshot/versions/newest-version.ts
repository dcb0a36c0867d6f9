/** Which run wrote a row, and whether the row says that what it is of is gone. */
export interface VersionOfRow {
  readonly run: number;
  readonly isDeleted: boolean;
}

/**
 * Whether a row takes the place of another of the same thing: that of the greater run does; of one run what is there, for
 * it was found in one room and gone from another, and the last of those.
 *
 * @param known run of the other one, if there is any
 */
export function supersedes({ run, isDeleted }: VersionOfRow, known: number | undefined): boolean {
  return known === undefined || run > known || (run === known && !isDeleted);
}

/** Of rows of one thing, in any order of their runs, the one that no other supersedes; undefined: there are none. */
export function newestVersion<T extends VersionOfRow>(rows: readonly T[]): T | undefined {
  let newest: T | undefined;
  for (const row of rows) if (supersedes(row, newest?.run)) newest = row;
  return newest;
}

/**
 * Whether a row knows the newer name of what it is not a version of: a message names its room and its sender. Unlike
 * versions the rows of one run do not contradict each other, so the first of them is enough, and no other is copied.
 */
export function namesNewer(run: number, known: number | undefined): boolean {
  return known === undefined || run > known;
}
