import { join, resolve } from 'node:path';
import { pushTarget } from './schema/afterwards/push-schema.ts';
import { databaseTarget, resolvedTarget } from '../model/run/database-target.ts';
import { parseServerUrl } from '../server-url.ts';
import { isRecord } from '../model/json/is-record.ts';
import type { ExtractEntry, Job, TransformOptions } from './job.ts';
import { tableNames, type TableName } from '../model/table-name.ts';
import type { EndpointName } from '../endpoints/endpoint-name.ts';
import { tableOf } from '../endpoints/entry-endpoints.ts';
import { parseRetentionAge } from './retention-age.ts';
import { parseDurationMs } from './schema/duration.ts';
import { jobSchema, type JobFile } from './schema/job-schema.ts';
import type { JobProblem } from './problem.ts';
import { toPeriod, type WrittenPeriod } from './schema/period-schema.ts';
import { schemaProblems, type WrittenAt } from './schema/schema-problems.ts';
import { fillServer, serverParts, type FilledServer, type ServerParts } from './server-login.ts';
import { toPlugin } from './to-plugin.ts';
import { toStep } from './to-step.ts';

interface JobSurroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute; what a relative `output` starts from. */
  readonly cwd: string;
  readonly defaultName: string;
  readonly writtenAt: WrittenAt;
}

type Resolution =
  { readonly kind: 'job'; readonly job: Job } | { readonly kind: 'problems'; readonly problems: readonly JobProblem[] };

/**
 * Plain data, from a file or from flags, to a job with every default in it, or to the list of all its problems.
 * Reads nothing: variables are in their place, the environment and the current directory are arguments.
 */
export function resolveJob(raw: unknown, surroundings: JobSurroundings): Resolution {
  const { env, defaultName, writtenAt } = surroundings;
  if (!isRecord(raw)) return { kind: 'problems', problems: [{ path: [], text: 'expected keys with values' }] };
  const { server, variableOf } = fillServer(raw['server'], env);
  const name = raw['name'] ?? defaultName;
  const filled = {
    ...raw,
    name,
    server,
    output: raw['output'] ?? join('output', typeof name === 'string' ? name : ''),
  };

  const checked = jobSchema.safeParse(filled);
  const problems = [
    ...(isRecord(server) ? problemsOf(serverParts(server, variableOf)) : []),
    ...schemaProblems(checked.error?.issues ?? [], filled, writtenAt).map((problem) =>
      withVariable(problem, variableOf),
    ),
  ];
  if (!checked.success || problems.length > 0) return { kind: 'problems', problems };
  return toJob(checked.data, surroundings, variableOf);
}

function toJob(file: JobFile, { cwd, writtenAt }: JobSurroundings, variableOf: FilledServer['variableOf']): Resolution {
  const {
    server,
    extract,
    transform,
    sinks,
    output,
    maxWait,
    lookback,
    attachments,
    retention,
    load,
    push,
    shard,
    ...rest
  } = file;
  const parts = serverParts<string>(server, variableOf);
  if (parts.kind === 'problems') return parts;
  const { url, ...login } = parts;
  const parsed = parseServerUrl(url);
  if ('problem' in parsed) return { kind: 'problems', problems: [{ path: ['server', 'url'], text: parsed.problem }] };
  const maxWaitMs = maxWait === undefined ? undefined : parseDurationMs(maxWait);
  const lookbackMs = lookback === undefined ? undefined : parseDurationMs(lookback);
  const entries = extract.map(toEntry);
  const job: Job = {
    ...rest,
    server: {
      url: parsed.url,
      ...(parsed.basicAuth !== undefined && { basicAuth: parsed.basicAuth }),
      ...(server.tls !== undefined && {
        tls: Object.fromEntries(Object.entries(server.tls).map(([part, path]) => [part, resolve(cwd, path)])),
      }),
      login,
    },
    extract: entries,
    transform: toTransform(transform, entries, cwd, writtenAt),
    sinks: sinks.map((sink, index) =>
      'use' in sink ? { format: 'plug-in', plugin: toPlugin(sink, ['sinks', index], cwd, writtenAt) } : sink,
    ),
    output: resolve(cwd, output),
    ...(shard !== undefined && { shard: { index: Number(shard.index), count: Number(shard.count) } }),
    ...(push !== undefined && { push: pushTarget(push) }),
    ...(load !== undefined && { load: resolvedTarget(databaseTarget(load), cwd) }),
    ...(attachments !== undefined && { attachments: attachments === 'download' ? {} : attachments }),
    ...(retention !== undefined && { retention: { ...retention, messages: parseRetentionAge(retention.messages) } }),
    ...(maxWaitMs === undefined ? {} : { maxWaitMs }),
    ...(lookbackMs === undefined ? {} : { lookbackMs }),
  };
  return { kind: 'job', job };
}

function toTransform(
  { steps, tables, ...rest }: JobFile['transform'],
  extract: readonly ExtractEntry[],
  cwd: string,
  writtenAt: WrittenAt,
): TransformOptions {
  const transform = { tables: tables ?? filledTables(extract), ...rest };
  if (steps === undefined) return transform;
  return {
    ...transform,
    steps: steps.map((step, index) => toStep(step, ['transform', 'steps', index], cwd, writtenAt)),
  };
}

/** A table that no entry fills would be an empty file, and a riddle. */
function filledTables(extract: readonly ExtractEntry[]): readonly TableName[] {
  const filled = new Set<TableName>(extract.map(tableOf));
  return tableNames.filter((name) => filled.has(name));
}

/** An entry as it is written: which of the optional keys it may have is the schema's to say. */
type WrittenEntry = Omit<ExtractEntry, 'period' | 'endpoint' | 'mentionIds' | 'starredIds'> &
  WrittenPeriod & {
    readonly endpoint?: EndpointName | undefined;
    readonly mentionIds?: string | readonly string[];
    readonly starredIds?: string | readonly string[];
  };

function toEntry({ since, until, endpoint, mentionIds, starredIds, ...rest }: WrittenEntry): ExtractEntry {
  return {
    ...(since === undefined && until === undefined ? {} : { period: toPeriod({ since, until }) }),
    ...(endpoint === undefined ? {} : { endpoint }),
    ...rest,
    ...(mentionIds === undefined ? {} : { mentionIds: asList(mentionIds) }),
    ...(starredIds === undefined ? {} : { starredIds: asList(starredIds) }),
  };
}

function asList(ids: string | readonly string[]): readonly string[] {
  return typeof ids === 'string' ? [ids] : ids;
}

function problemsOf(parts: ServerParts<unknown>): readonly JobProblem[] {
  return parts.kind === 'problems' ? parts.problems : [];
}

function withVariable(problem: JobProblem, variableOf: FilledServer['variableOf']): JobProblem {
  const variable = problem.path[0] === 'server' ? variableOf[String(problem.path[1])] : undefined;
  return variable === undefined ? problem : { ...problem, variable };
}
