import { endpoints } from '../../endpoints/endpoints.ts';
import { endpointsOf } from '../../endpoints/entry-endpoints.ts';
import type { Job } from '../../job/job.ts';
import type { StreamOutcome } from '../../plan/stream-outcome.ts';

/** What the manifest says where a job asks for rooms by their history that are read as messages all the same. */
export function viaNotes(
  { extract }: Pick<Job, 'extract'>,
  streams: readonly { readonly stream: Pick<StreamOutcome['stream'], 'endpoint'> }[],
): readonly string[] {
  const asked = new Set(extract.flatMap((entry) => (entry.via === 'history' ? endpointsOf(entry) : [])));
  const ignored = streams.filter(
    ({ stream: { endpoint } }) => asked.has(endpoint) && endpoints[endpoint].history === null,
  );
  if (ignored.length === 0) return [];
  const names = [...new Set(ignored.map(({ stream }) => stream.endpoint))].sort();
  return [
    `"via: history" has no effect on rooms of ${names.join(' and ')}: they were read as messages, on pages of the same size.`,
  ];
}
