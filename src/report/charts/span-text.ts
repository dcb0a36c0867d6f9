import { joined } from './percent.ts';

/** `40 s`, `12 min`, `3.5 h`, `2 days`: as exact as anybody would say it. */
export function spanText(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 0.95) return `${Math.round(ms)}${joined}ms`;
  if (seconds < 99.5) return `${Math.round(seconds)}${joined}s`;
  if (seconds < 5970) return `${Math.round(seconds / 60)}${joined}min`;
  if (seconds < 36 * 3600) return `${Math.round(seconds / 360) / 10}${joined}h`;
  return `${Math.round(seconds / 8640) / 10}${joined}days`;
}
