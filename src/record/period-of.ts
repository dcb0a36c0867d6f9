import type { ManifestPeriod } from '../archive/manifest/request/request.ts';
import type { Period } from '../model/time/period.ts';

/** As the manifest has it; none for messages of any time. */
export function periodOf({ sinceMs, untilMs }: Period): { readonly period?: ManifestPeriod } {
  if (sinceMs === null && untilMs === null) return {};
  const text = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());
  return { period: { since: text(sinceMs), until: text(untilMs) } };
}
