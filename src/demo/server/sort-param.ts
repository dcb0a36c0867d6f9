import { text } from './params.ts';
import type { Params } from './params.ts';
import { meteorError } from './reply.ts';
import type { Refusal } from './reply.ts';
import type { SortOrder } from '../workspace/sort-order.ts';
import { atLeast } from './version.ts';

/**
 * The `sort` parameter: any JSON object whose values are 1 or -1, there is no list of allowed fields. An empty one
 * stands for the default before 8.0 and is bad JSON since.
 *
 * Source: parseJsonQuery.ts
 */
export function readSort(params: Params, version: string, byDefault: SortOrder): SortOrder {
  const sort = text(params, 'sort');
  if (sort === undefined || (sort === '' && !atLeast(version, '8.0'))) return byDefault;
  let parsed: unknown;
  try {
    parsed = JSON.parse(sort);
  } catch {
    throw invalidSort(sort);
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) throw invalidSort(sort);
  return Object.entries(parsed).map(([path, direction]: [string, unknown]) => {
    if (direction !== 1 && direction !== -1) throw invalidSort(sort);
    return [path, direction] as const;
  });
}

function invalidSort(sort: string): Refusal {
  return meteorError('error-invalid-sort', `Invalid sort parameter provided: "${sort}"`, {
    helperMethod: 'parseJsonQuery',
  });
}
