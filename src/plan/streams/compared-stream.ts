import { endpoints } from '../../endpoints/endpoints.ts';
import type { PlannedChanges } from '../run-plan.ts';

type Revised = PlannedChanges['revised'][number];

/** The stream of a room that can be read again and compared: by its own list, whole, so that what it lacks is gone. */
export function comparedStream({ revised }: Pick<PlannedChanges, 'revised'>): Revised | undefined {
  return revised.find(isWholeList);
}

/** Whether a stream reads all messages of its room, by offset. */
export function isWholeList({ endpoint, via, filters }: Pick<Revised, 'endpoint' | 'via' | 'filters'>): boolean {
  return via === 'messages' && endpoints[endpoint].isWhole(filters);
}
