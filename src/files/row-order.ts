/** A row, or what it says of: purges and compactions move rows from file to file, and change neither. */
export interface ShownRow {
  readonly run: number;
  readonly id: string;
}

/** Not in that of the archive, which a rebuild does not have: it makes the rows once more where their runs wrote them. */
export function inOrder<One extends ShownRow>(all: readonly One[]): readonly One[] {
  return all.toSorted((a, b) => (isRowBefore(a, b) ? -1 : Number(isRowBefore(b, a))));
}

export function isRowBefore(a: ShownRow, b: ShownRow): boolean {
  return a.run < b.run || (a.run === b.run && a.id < b.id);
}
