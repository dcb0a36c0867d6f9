import { filtersOf } from '../endpoints/message-filters.ts';
import { canonicalJson } from '../model/json/canonical-json.ts';
import { createHash } from 'node:crypto';
import { sinkAsWritten, stepWithoutSecrets } from './job-without-secrets.ts';
import { defaultRowsPerFile, type Job } from './job.ts';

/**
 * SHA-256 (lower-case hex) of what decides which messages are read: the workspace, the endpoints, the rooms as they are
 * written, the filters. A journal is resumed only under the same one.
 *
 * Page size, concurrency and waiting change how, not what. The login is left out too, so that a new token continues the
 * archive of the old one; who reads is the server's to say and stands in the manifest.
 */
export function extractFingerprint(job: Job): string {
  return sha256({ fingerprint: 'extract/1', ...extractPart(job) });
}

/**
 * SHA-256 (lower-case hex) of all that decides which bytes a run writes: what is read, the job's name (it stands in the
 * files), the tables, the steps, the formats, the layout. Where the archive lies and when the job runs change no byte.
 * Of a plug-in it is the name and the options as they are written, not the code; of a key a fingerprint.
 */
export function jobFingerprint(job: Job): string {
  const { tables, steps = [], ...transform } = job.transform;
  return sha256({
    fingerprint: 'job/1',
    ...extractPart(job),
    name: job.name,
    transform: {
      ...transform,
      tables: tables.toSorted(),
      steps: steps.length === 0 ? undefined : steps.map(stepWithoutSecrets),
    },
    // The order of formats shows in no file.
    sinks: job.sinks.map((sink) => canonicalJson(sinkAsWritten(sink))).sort(),
    partition: job.partition === 'none' ? undefined : job.partition,
    rowsPerFile: job.rowsPerFile === defaultRowsPerFile ? undefined : job.rowsPerFile,
    raw: job.raw,
    attachments: job.attachments,
  });
}

function extractPart(job: Job) {
  return {
    url: job.server.url,
    shard: job.shard,
    extract: job.extract.map(({ scope, ...entry }) => ({
      ...entry,
      scope: scope === 'joined' ? undefined : scope,
      pageSize: undefined,
      ...filtersOf(entry),
    })),
  };
}

function sha256(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex');
}
