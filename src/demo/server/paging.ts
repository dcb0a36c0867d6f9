import { text } from './params.ts';
import type { Params } from './params.ts';
import { failure } from './reply.ts';
import type { ServerSettings } from './server-settings.ts';

export interface Paging {
  readonly offset: number;
  /** 0: everything. */
  readonly count: number;
}

/**
 * `count` and `offset` as the server reads them: a count above the cap is lowered to it without a word, 0 means
 * everything unless that is switched off.
 *
 * Source: server/api/lib/getPaginationItems.ts. What MongoDB makes of a negative or unreadable number is not verified:
 * here a negative count is a limit without its sign, the rest is refused.
 */
export function readPaging(params: Params, rules: ServerSettings): Paging {
  const offset = integer(params, 'offset') ?? 0;
  if (offset < 0) throw failure(`BSON field 'skip' value must be >= 0, actual value '${offset}'`);
  let count = integer(params, 'count') ?? rules.defaultCount;
  if (count > rules.cap) count = rules.cap;
  if (count === 0 && !rules.allowInfiniteCount) count = rules.defaultCount;
  return { offset, count: Math.abs(count) };
}

function integer(params: Params, name: string): number | null {
  const value = text(params, name);
  if (value === undefined || value === '') return null;
  const number = Number.parseInt(value, 10);
  if (Number.isNaN(number)) throw failure(`Failed to parse '${name}': expected a number`);
  return number;
}
