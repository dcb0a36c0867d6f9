import type { Manifest } from '../../../archive/manifest/manifest.ts';
import type { PlannedRequests } from '../../../run-event.ts';
import { count, counted } from '../../../model/text/counted.ts';
import { duration } from '../amounts.ts';

/** Named one by one; `--json` and the manifest have all. */
const mostNamed = 5;

/**
 * How many requests were made, for what, and what held them up. Beside what was made stands what was planned, so that whoever
 * reads it knows what a plan is worth.
 */
export function requestLines(made: Manifest['requests'], planned: PlannedRequests | undefined): readonly string[] {
  const endpoints = Object.entries(made).sort(([, a], [, b]) => b.requests - a.requests);
  const total = sumOf(Object.values(made).map(({ requests }) => requests));
  const named = endpoints.slice(0, mostNamed).map(([endpoint, { requests }]) => `${endpoint} ${count(requests)}`);
  const others = sumOf(endpoints.slice(mostNamed).map(([, { requests }]) => requests));
  const shares = [...named, ...(others > 0 ? [`others ${count(others)}`] : [])].join(', ');
  return [
    `requests: ${count(total)} (${shares})${planned === undefined ? '' : plannedText(planned, made)}`,
    ...troubleLine(endpoints),
  ];
}

function plannedText(
  { requests, unknown, pageRows, isPageAssumed }: PlannedRequests,
  made: Manifest['requests'],
): string {
  const compared = Object.entries(made).filter(([endpoint]) => !unknown.includes(endpoint));
  const madeTotal = sumOf(compared.map(([, counts]) => counts.requests));
  const plannedTotal = sumOf(Object.values(requests));
  const without = unknown.length === 0 ? '' : ` without ${unknown.join(', ')}`;
  const assumed = isPageAssumed ? `, assuming pages of ${count(pageRows)}` : '';
  return `; planned${without}: ${count(plannedTotal)}, made ${count(madeTotal)}${assumed}`;
}

/** Endpoints have limits of their own, and wait for them side by side: the longest wait is that of the run. */
function troubleLine(endpoints: readonly (readonly [string, Manifest['requests'][string]])[]): readonly string[] {
  const [slowest] = endpoints.toSorted(([, a], [, b]) => b.waitedMs - a.waitedMs);
  const rateLimited = sumOf(endpoints.map(([, counts]) => counts.rateLimited));
  const retries = sumOf(endpoints.map(([, counts]) => counts.retries));
  const troubles = [
    ...(slowest !== undefined && slowest[1].waitedMs >= 1_000
      ? [`${duration(slowest[1].waitedMs)} for the rate limit of ${slowest[0]}`]
      : []),
    ...(rateLimited > 0 ? [`${counted(rateLimited, 'request')} refused by the limit`] : []),
    ...(retries > 0 ? [counted(retries, 'retry', 'retries')] : []),
  ];
  return troubles.length === 0 ? [] : [`waited: ${troubles.join(', ')}`];
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}
