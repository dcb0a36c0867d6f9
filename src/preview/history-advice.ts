import { endpoints } from '../endpoints/endpoints.ts';
import { historyPageSize } from '../extract/history/read-history.ts';
import { count, counted } from '../model/text/counted.ts';
import type { StreamEstimate } from './estimate-run.ts';
import { historyWalkRequests } from './walk-requests.ts';

/** A minute at the usual limit: below it nobody need give anything up. */
const leastSaved = 10;

/** Where a plan would take fewer requests if the job read rooms `via: history`, and what that would cost; null: nowhere. */
export function historyAdvice(estimates: readonly StreamEstimate[]): string | null {
  const rooms = new Set<string>();
  let now = 0;
  let then = 0;
  for (const { stream, messages, requests } of estimates) {
    const { endpoint, via, filters, cursor, pageSize, room } = stream;
    // A history takes no filters: it would read what they leave out.
    const reading = endpoints[endpoint];
    const isOpen = via === 'messages' && reading.history !== null && reading.isWhole(filters);
    if (!isOpen || messages === null || requests === null) continue;
    const hasOlder = cursor.watermark !== null;
    const viaHistory = historyWalkRequests({ rows: messages, hasOlder, pageSize: pageSize ?? historyPageSize });
    if (viaHistory >= requests) continue;
    rooms.add(room.id);
    now += requests;
    then += viaHistory;
  }
  if (now - then < leastSaved) return null;
  const groups = rooms.size === 1 ? 'one private group' : counted(rooms.size, 'private group');
  return `"via: history" in the job would read ${groups} in some ${count(then)} requests instead of ${count(now)}. Its price: message types that the workspace hides (Hide_System_Messages) would be missing, and the groups would not be compared with the archive where the server's reports cannot be all (a restored backup, a list of another length, changes that it refuses to report).`;
}
