/** A share as attributes of SVG have it: `12.345%`. The same on every machine. */
export function percent(share: number): string {
  return `${Math.round(share * 100_000) / 1000}%`;
}

/** Keeps a number and its unit on one line. */
export const joined = '\u00a0';

/** A share in a sentence: `12 %`, `0.4 %`, never `0 %` or `100 %` of what is not none or all. */
export function shareText(part: number, whole: number): string {
  if (whole === 0) return `0${joined}%`;
  const value = (part / whole) * 100;
  if (value > 0 && value < 0.1) return `< 0.1${joined}%`;
  if (value < 100 && value > 99.9) return `> 99.9${joined}%`;
  return `${value < 10 || value > 99 ? Math.round(value * 10) / 10 : Math.round(value)}${joined}%`;
}
