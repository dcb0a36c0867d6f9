/** Whether a run is one of those that a manifest names. */
export function inRanges(ranges: readonly { readonly from: number; readonly to: number }[], run: number): boolean {
  return ranges.some(({ from, to }) => run >= from && run <= to);
}
