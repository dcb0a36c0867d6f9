import type { ManifestRequest, RequestedEntry } from '../archive/manifest/request/request.ts';
import type { ExtractEntry, Job } from '../job/job.ts';
import { pagesOfJob } from '../job/pages-of-job.ts';
import { excelSafeOf } from '../model/run/excel-safe.ts';
import { omitUndefined } from '../omit-undefined.ts';
import { allTime } from '../model/time/period.ts';
import type { RunPlan } from '../plan/run-plan.ts';
import { filtersOf } from '../endpoints/message-filters.ts';
import { periodOf } from './period-of.ts';

/** What the manifest says of what was asked for. A job's secrets are in none of this. */
export function runRequest(
  job: Pick<
    Job,
    'extract' | 'transform' | 'sinks' | 'attachments' | 'hold' | 'shard' | 'transcript' | 'report' | 'timezone'
  >,
  { requestedBy }: Pick<RunPlan, 'requestedBy'>,
): ManifestRequest {
  const { extract, transform, sinks, attachments, hold, shard } = job;
  const { host, user, roles } = requestedBy;
  return {
    host,
    user,
    roles,
    extract: extract.map(requestedEntry),
    tables: transform.tables,
    ...(hold !== undefined && { hold: { rooms: hold.rooms ?? [], users: hold.users ?? [] } }),
    ...omitUndefined({ shard, attachments, pages: pagesOfJob(job), md: transform.md, excelSafe: excelSafeOf(sinks) }),
  };
}

function requestedEntry(entry: ExtractEntry): RequestedEntry {
  const { endpoint, rooms, scope = 'joined', via = 'messages', period = allTime } = entry;
  return {
    ...(endpoint !== undefined && { endpoint }),
    rooms,
    scope,
    via,
    filters: filtersOf(entry),
    ...periodOf(period),
  };
}
