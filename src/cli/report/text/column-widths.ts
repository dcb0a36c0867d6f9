/** What a column of text needs: as it is, and at least. */
interface ColumnNeed {
  readonly natural: number;
  /** Narrower than this it cannot be read. */
  readonly least: number;
}

/**
 * Widths of columns side by side: as they are if they fit, else the narrowest get what they need first, since it is the
 * longest texts that wrap best. undefined when not even the least fits.
 */
export function columnWidths(needs: readonly ColumnNeed[], available: number): readonly number[] | undefined {
  const sum = (widths: readonly number[]): number => widths.reduce((total, width) => total + width, 0);
  const natural = needs.map((need) => need.natural);
  if (sum(natural) <= available) return natural;
  const widths = needs.map((need) => need.least);
  for (let left = available - sum(widths); left !== 0; left -= 1) {
    if (left < 0) return undefined;
    const open = needs.map((need, at) => (need.natural > (widths[at] ?? 0) ? (widths[at] ?? 0) : Infinity));
    const narrowest = open.indexOf(Math.min(...open));
    widths[narrowest] = (widths[narrowest] ?? 0) + 1;
  }
  return widths;
}
