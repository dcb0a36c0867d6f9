import { createHmac } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Coverage } from '../../../../src/archive/manifest/coverage.ts';
import type { Manifest } from '../../../../src/archive/manifest/manifest.ts';
import { filesTableName, type TableName } from '../../../../src/model/table-name.ts';
import type { Disk } from '../../../../src/system/disk.ts';
import type { Row } from '../truth/truth-lines.ts';
import type { Purged } from './archive-tools.ts';
import type { ChangingWorkspace } from './changing-workspace.ts';
import { currentRowsOf } from './current-rows-of.ts';
import { pseudonymKey, type JobSettings } from './job-settings.ts';
import { isNamedMissing, isNamedNull, isNamedOutdated, isNamedPeople, isOfItsTime } from './may-differ.ts';

/** An archive that has lived through other jobs, and one that a first run of the job of now has made. */
export interface Compared {
  readonly archive: { readonly disk: Disk; readonly folder: string; readonly coverage: Coverage };
  readonly control: { readonly disk: Disk; readonly folder: string; readonly manifest: Manifest };
  readonly job: JobSettings;
  /** Whether the job read other rooms or other messages of them some time before: their rows stay. */
  readonly readOtherwise: boolean;
  readonly purged: Purged;
  readonly workspace: ChangingWorkspace;
}

const listTables: readonly TableName[] = ['rooms', 'users', 'room_members'];

/** Where `latest` of both differs in any cell, and neither the manifest says so nor docs/job-file.md, in sentences. */
export async function controlDifferences(compared: Compared): Promise<readonly string[]> {
  const problems: string[] = [];
  const { archive, control, job } = compared;
  for (const table of job.tables) {
    const has = await currentRowsOf(archive.disk, archive.folder, table);
    const due = await currentRowsOf(control.disk, control.folder, table);
    // Without what they are of (`dropColumns: [user_id]`) rows of lists cannot be combined, and that is said.
    if (typeof has === 'string' && listTables.includes(table) && has.includes('rows of it lack')) continue;
    if (typeof has === 'string' || typeof due === 'string') {
      problems.push(...[has, due].flatMap((one) => (typeof one === 'string' ? [`latest of ${table}: ${one}`] : [])));
      continue;
    }
    for (const [key, rows] of due) problems.push(...differences(compared, table, key, has.get(key) ?? [], rows));
    for (const [key, rows] of has) if (!due.has(key)) problems.push(...tooMuch(compared, table, key, rows));
  }
  return problems;
}

function differences(
  compared: Compared,
  table: TableName,
  key: string,
  has: readonly Row[],
  due: readonly Row[],
): readonly string[] {
  const { coverage } = compared.archive;
  const [first] = due;
  if (has.length === 0) {
    if (first === undefined || isPurged(compared, first) || isNamedMissing(coverage, table, first['room_id']))
      return [];
    // A key that is made of people is another one now.
    if (listTables.includes(table) && isNamedPeople(coverage, table)) return [];
    return [`${table}: lacks ${key} of room ${String(first['room_id'])}`];
  }
  const run = Number(has[0]?.['run']);
  if (isNamedOutdated(coverage, table, run)) return [];
  if (has.length !== due.length)
    return [`${table}: ${key} of run ${run} has ${has.length} rows where ${due.length} are due`];
  return has.flatMap((row, at) => {
    const wanted = due[at] ?? {};
    const roomId = wanted['room_id'];
    return Object.keys(wanted).flatMap((column) => {
      if (isOfItsTime(table, column) || isDeepStrictEqual(row[column] ?? null, wanted[column] ?? null)) return [];
      if (isNamedNull(coverage, { table, column, run, roomId })) return [];
      return [
        `${table}: ${column} of ${key} of run ${run} is ${text(row[column])} where ${text(wanted[column])} is due`,
      ];
    });
  });
}

function tooMuch(compared: Compared, table: TableName, key: string, rows: readonly Row[]): readonly string[] {
  const { archive, control, readOtherwise, workspace } = compared;
  const [first] = rows;
  const run = Number(first?.['run']);
  const roomId = first?.['room_id'];
  if (isNamedOutdated(archive.coverage, table, run)) return [];
  // Who is known from messages that are gone, and rooms that are left, stay.
  if (table === 'users' || table === 'rooms') return [];
  // Files and rows of rooms that the job does not read now stay as they are.
  if (!control.manifest.lists.some(({ room }) => room.id === roomId)) return [];
  const isThere = workspace.find(String(first?.['message_id'])) !== undefined;
  if (readOtherwise && isThere) return [];
  // With Message_KeepHistory the server reports no deletion.
  if (workspace.world.settings.keepHistory) return [];
  if (table === filesTableName && !isThere) return [];
  return [`${table}: ${key} of run ${run}, room ${String(roomId)}, is too much${isThere ? '' : ': it was deleted'}`];
}

/** Whether a row of the control archive is of what was purged from the other. */
function isPurged({ purged, workspace, job }: Compared, row: Row): boolean {
  const id = String(row['message_id']);
  const { tsMs = Number.POSITIVE_INFINITY, userId: sender = '' } = workspace.sent.get(id) ?? {};
  if (purged.messages.has(id) || purged.users.has(sender) || tsMs < purged.beforeMs) return true;
  const key = pseudonymKey(job);
  return [...purged.users].some((userId) => row['user_id'] === (key === null ? userId : pseudonym(key, userId)));
}

/** As docs/job-file.md says; what is hashed is the JSON of both. */
function pseudonym(key: string, id: string): string {
  return `u_${createHmac('sha256', key)
    .update(JSON.stringify(`u_${id}`))
    .digest('hex')
    .slice(0, 12)}`;
}

function text(value: unknown): string {
  return JSON.stringify(value ?? null).slice(0, 200);
}
