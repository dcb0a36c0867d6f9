import type { Prng } from '../../../../src/demo/sample/prng.ts';
import { partitions, type Partition } from '../../../../src/job/job.ts';
import { filesTableName, tableNames, type TableName } from '../../../../src/model/table-name.ts';
import type { ReadableFormat } from '../../../../src/readers/data-file.ts';
import { storedColumns } from '../../../../src/tables/stored-columns.ts';
import { dayMs, isoTime } from '../life-world.ts';

/** One entry of `extract` or `transform.steps`, as a person writes it. */
export type Written = Readonly<Record<string, unknown>>;

/** What people edit in a job file between its runs. */
export interface JobSettings {
  readonly extract: readonly Written[];
  readonly tables: readonly TableName[];
  readonly steps: readonly Written[];
  readonly formats: readonly ReadableFormat[];
  readonly partition: Partition;
  readonly md: boolean;
  readonly raw: boolean;
  readonly backfill: boolean;
  readonly attachments: boolean;
  readonly excelSafe: boolean;
  readonly rowsPerFile: number | null;
}

/** From when to when messages were sent, epoch milliseconds: borders of periods lie in between. */
export interface Span {
  readonly beganMs: number;
  readonly nowMs: number;
}

export const pseudonymKeys = ['the first key of these lives', 'the second key of these lives'] as const;

/** The key that people are hidden by; null: the tables show them. */
export function pseudonymKey({ steps }: JobSettings): string | null {
  const options = steps.find((step) => 'pseudonymize' in step)?.['pseudonymize'];
  return pseudonymKeys.find((key) => key === (options as Written | undefined)?.['key']) ?? null;
}

/** Columns that any of the jobs dropped. */
export function droppedBy(jobs: readonly JobSettings[]): ReadonlySet<string> {
  const columns = jobs.flatMap(({ steps }) => steps.flatMap((step) => step['dropColumns'] ?? []));
  return new Set(columns.map(String));
}

/** The same job when it begins to hide people, hides them by another key or does so no more, and reads everything again. */
export function hidingOtherwise(job: JobSettings, prng: Prng): JobSettings {
  const others = job.steps.filter((step) => !('pseudonymize' in step));
  const keys = pseudonymKeys.filter((key) => key !== pseudonymKey(job));
  const shows = pseudonymKey(job) !== null && prng.chance(0.5);
  return { ...job, steps: shows ? others : [...others, { pseudonymize: { key: prng.pick(keys) } }], backfill: true };
}

/** @param before what the job says now: most of it stays. Absent: there is none yet */
export function nextSettings(prng: Prng, span: Span, before?: JobSettings): JobSettings {
  const drawn = freshSettings(prng, span);
  if (before === undefined) return drawn;
  const edits = [
    (job: JobSettings) => ({ ...job, extract: drawn.extract, tables: drawn.tables }),
    (job: JobSettings) => ({ ...job, tables: someTables(prng, job.extract) }),
    (job: JobSettings) => ({ ...job, steps: drawn.steps }),
    (job: JobSettings) => ({ ...job, formats: drawn.formats }),
    (job: JobSettings) => ({ ...job, partition: drawn.partition, md: drawn.md }),
    (job: JobSettings) => ({ ...job, raw: drawn.raw }),
    (job: JobSettings) => ({ ...job, backfill: drawn.backfill }),
    (job: JobSettings) => ({ ...job, attachments: drawn.attachments }),
    (job: JobSettings) => ({ ...job, excelSafe: drawn.excelSafe, rowsPerFile: drawn.rowsPerFile }),
  ];
  let job = before;
  for (let left = prng.pick([0, 1, 1, 1, 2, 2, 3]); left > 0; left -= 1) job = prng.pick(edits)(job);
  return { ...job, steps: withKnownColumns(job) };
}

function freshSettings(prng: Prng, span: Span): JobSettings {
  const extract = someEntries(prng, span);
  const formats = (['jsonl', 'csv', 'parquet'] as const).filter(() => prng.chance(0.45));
  const job: JobSettings = {
    extract,
    tables: someTables(prng, extract),
    steps: someSteps(prng, span),
    formats: formats.length === 0 ? ['jsonl'] : formats,
    partition: prng.chance(0.5) ? 'none' : prng.pick(partitions),
    md: prng.chance(0.2),
    raw: prng.chance(0.25),
    backfill: prng.chance(0.5),
    attachments: prng.chance(0.2),
    excelSafe: prng.chance(0.1),
    rowsPerFile: prng.chance(0.1) ? 7 : null,
  };
  return { ...job, steps: withKnownColumns(job) };
}

const everything: Written = { rooms: ['*'] };
const mentioning: Written = { endpoint: 'chat.getMentionedMessages', rooms: ['*'] };

function someEntries(prng: Prng, span: Span): readonly Written[] {
  return prng.pick<() => readonly Written[]>([
    () => [everything],
    () => [everything],
    () => [everything],
    () => [{ ...everything, scope: 'readable' }],
    () => [{ rooms: ['*', '!ops*'] }],
    () => [{ rooms: ['ops*', 'general*'] }],
    () => [everything, mentioning],
    () => [mentioning],
    () => [{ ...everything, ...somePeriod(prng, span) }],
    () => [{ ...everything, ...somePeriod(prng, span) }],
    () => [{ ...everything, pinned: true }],
    () => [{ ...everything, via: 'history' }],
  ])();
}

function someTime(prng: Prng, { beganMs, nowMs }: Span): number {
  return prng.integer(beganMs, Math.max(beganMs, nowMs));
}

function somePeriod(prng: Prng, span: Span): Written {
  const [sinceMs = 0, untilMs = 0] = [someTime(prng, span), someTime(prng, span)].sort((a, b) => a - b);
  return {
    ...(prng.chance(0.7) && { since: isoTime(sinceMs) }),
    ...(prng.chance(0.3) && { until: isoTime(untilMs + 1) }),
  };
}

function someTables(prng: Prng, extract: readonly Written[]): readonly TableName[] {
  const isMentionsOnly = extract.every((entry) => entry === mentioning);
  const chances: Readonly<Partial<Record<TableName, number>>> = {
    messages: isMentionsOnly ? 0 : 0.9,
    mentioned_messages: extract.includes(mentioning) ? 0.8 : 0,
    message_versions: isMentionsOnly ? 0 : 0.25,
    [filesTableName]: 0,
  };
  const tables = tableNames.filter((table) => prng.chance(chances[table] ?? 0.3));
  return tables.length > 0 ? tables : [isMentionsOnly ? 'mentioned_messages' : 'messages'];
}

/** Not those that tell rows and their versions apart, or when a message was sent: runs cannot be combined without, and say so. */
const droppable = [
  ...['extra', 'urls', 'msg', 'text', 'username', 'user_id', 'name', 'reactions', 'updated_at', 'emoji', 'links'],
  ...['room_title', 'position', 'title'],
];

function someSteps(prng: Prng, span: Span): readonly Written[] {
  return [
    ...(prng.chance(0.3) ? [{ dropSystemMessages: true }] : []),
    ...(prng.chance(0.15) ? [{ since: isoTime(someTime(prng, span)) }] : []),
    ...(prng.chance(0.1) ? [{ until: isoTime(someTime(prng, span) + dayMs) }] : []),
    ...(prng.chance(0.3) ? [{ dropColumns: droppable.filter(() => prng.chance(0.2)) }] : []),
    ...(prng.chance(0.3) ? [{ pseudonymize: { key: prng.pick(pseudonymKeys) } }] : []),
  ];
}

/** A column that no table of the job has is an error. */
function withKnownColumns({ steps, tables }: JobSettings): readonly Written[] {
  const known = new Set(tables.flatMap((table) => (storedColumns.get(table) ?? []).map(({ name }) => name)));
  return steps.flatMap((step): readonly Written[] => {
    const columns = step['dropColumns'];
    if (!Array.isArray(columns)) return [step];
    const left = columns.filter((name) => known.has(String(name)));
    return left.length === 0 ? [] : [{ dropColumns: left }];
  });
}
