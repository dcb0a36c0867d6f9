import { kebabCase } from '../model/text/kebab-case.ts';
import { UsageError } from '../errors.ts';
import type { Job } from './job.ts';
import { roomEndpointNames } from '../endpoints/endpoint-name.ts';
import { formatProblems, type JobProblem } from './problem.ts';
import { resolveJob } from './resolve-job.ts';
import { emptyPeriodText } from './schema/period-schema.ts';
import { serverVariables } from './server-login.ts';

/**
 * The flags of `export`, parsed but not checked: the schema of job files does that. There is none for a token or a
 * password, because a command line can be read by every user of the machine: the login comes from the environment.
 */
export interface ExportFlags {
  readonly name?: string;
  readonly url?: string;
  readonly rooms?: readonly string[];
  /** Default: that of each room's kind. Every other flag of `extract` goes to each. */
  readonly endpoint?: readonly string[];
  readonly scope?: string;
  readonly since?: string;
  readonly until?: string;
  readonly mentionIds?: readonly string[];
  readonly starredIds?: readonly string[];
  readonly pinned?: boolean;
  readonly pageSize?: number | string;
  readonly tables?: readonly string[];
  readonly md?: string;
  /** Default: parquet. */
  readonly format?: readonly string[];
  /** For every format. */
  readonly compression?: string;
  readonly output?: string;
  /** As typed where it is no whole number. */
  readonly concurrency?: number | string;
  readonly maxWait?: string;
  readonly raw?: string;
  readonly attachments?: string;
}

/**
 * The job that a file with the same content would be, checked and with every default filled in; its name is `export`
 * unless `flags` has another.
 *
 * @param env where the login comes from, and what else of `server` the flags leave out: the ROCKETCHAT_* variables
 * @param cwd absolute; a relative `--output` starts here
 * @throws UsageError that names every problem with its flag or environment variable
 */
export function jobFromFlags(flags: ExportFlags, env: Readonly<Record<string, string | undefined>>, cwd: string): Job {
  const resolution = resolveJob(toRaw(flags), { env, cwd, defaultName: 'export', writtenAt: () => undefined });
  if (resolution.kind === 'job') return resolution.job;

  const lines = new Map<string, { readonly line: string; readonly hint?: string }>();
  for (const problem of resolution.problems) {
    // The only keys that flags can put in a wrong place.
    const isFilter = problem.at === 'key';
    const text = isFilter ? 'is a filter of endpoints that this export does not read' : textOf(problem);
    const hint = isFilter ? `Leave --endpoint out, or add ${roomEndpointNames.join(' or ')} to it` : problem.hint;
    const line = `${label(problem, flags)}: ${text}`;
    // A flag goes to every endpoint and every format, and is wrong in each of them.
    lines.set(line, { line, ...(hint === undefined ? {} : { hint }) });
  }
  throw new UsageError(formatProblems('Cannot export', [...lines.values()]), {
    hint: 'Run "rocketchat-export export --help" to see every flag',
  });
}

function toRaw(flags: ExportFlags): Readonly<Record<string, unknown>> {
  const { name, url, output, concurrency, maxWait, raw, attachments, compression, tables, md, rooms, pageSize } = flags;
  const endpoints = flags.endpoint ?? [undefined];
  const filters = defined({ mentionIds: flags.mentionIds, starredIds: flags.starredIds, pinned: flags.pinned });
  // Where no endpoint has filters, the first one gets them, to say so.
  const filtered = endpoints.filter(
    (endpoint) => endpoint === undefined || roomEndpointNames.some((name) => name === endpoint),
  );
  const getsFilters = (endpoint: string | undefined): boolean =>
    (filtered.length === 0 ? endpoints.slice(0, 1) : filtered).includes(endpoint);
  return defined({
    name,
    server: defined({ url }),
    extract: endpoints.map((endpoint) =>
      defined({
        endpoint,
        rooms,
        scope: flags.scope,
        since: flags.since,
        until: flags.until,
        pageSize,
        ...(getsFilters(endpoint) ? filters : {}),
      }),
    ),
    transform: defined({ tables, md }),
    sinks: (flags.format ?? ['parquet']).map((format) => defined({ format, compression })),
    output,
    concurrency,
    maxWait,
    raw,
    attachments,
  });
}

/** A flag that was not given is a key that was not written. */
function defined(values: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

/** Keys whose whole value flags make up. */
const flagOfPart: Readonly<Record<string, string>> = {
  extract: '--endpoint',
  sinks: '--format',
  transform: '--tables',
};

function textOf({ text }: JobProblem): string {
  return text.replace(emptyPeriodText, 'which is not before --until');
}

function label({ path, variable }: JobProblem, { url }: ExportFlags): string {
  if (variable !== undefined) return `variable ${variable}`;
  const [top = 'name', ...below] = path;
  const key = below.find((step) => typeof step === 'string');
  if (top === 'server' && (key !== 'url' || url === undefined)) {
    const [, missing] = Object.entries(serverVariables).find(([name]) => name === key) ?? [];
    return missing === undefined ? 'login' : `variable ${missing}`;
  }
  // `rooms` of `extract[0].rooms[3]`; `sinks[1]` itself is a format too many.
  return key === undefined ? (flagOfPart[String(top)] ?? `--${kebabCase(String(top))}`) : `--${kebabCase(key)}`;
}
